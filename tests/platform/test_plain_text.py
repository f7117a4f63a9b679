"""Text from elsewhere on terminals and pages: nothing that they would obey, and every space."""

from course.language import fill, in_language
from course.plain_text import printable
from course.report.work import plain


def test_spaces_that_do_not_break_are_shown() -> None:
    with in_language("es"):
        share = fill("{share:.1%}", share=0.724)
    assert printable(share) == plain(share) == share
    assert "�" not in printable("a\u00a0b\u202fc\u2009d\u3000e")


def test_what_a_terminal_would_obey_is_not() -> None:
    assert printable("a\x1b[31mb\u202ec\u2028d\re") == "a�[31mb�c�d�e"
    assert printable("one\ntwo") == "one\ntwo"
    assert printable("one\ntwo", "·", lines=False) == "one·two"
