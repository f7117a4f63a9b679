"""The class's list as platforms and spreadsheets save it: who comes into the gradebook, and what is told."""

import subprocess
from pathlib import Path

import pytest

from course.catalog import load_catalog
from course.errors import UsageError
from course.grading.gradebook.store import ClassFolder, Person
from course.grading.intake.class_list import read_class_list
from course.grading.intake.roster import Roster, changes, compare
from tests.platform.test_cli import course, told

ADA = Person("ada", "Ada", "Byron", "1842", "ada@example.org")
CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Dropout (4711),Final Score
,,,,,Manual Posting,
    Points Possible,,,,,7.00,(read only)
"Byron, Ada",1842,S1,ada,"A and B",5.00,
"Hopper, Ben",1843,S2,ben@example.org,A,,
"Student, Test",1999,,abcdef0123,A,,
"""
# header and one line of each kind of list, and whom it means
KINDS = {
    "Canvas": (CANVAS.partition("\n")[0] + '\n"Byron, Ada",1842,,ada,A,1,\n', ("ada", "Ada", "Byron", "1842", "")),
    "Canvas, names apart": (
        "LastName,FirstName,ID,SIS User ID,SIS Login ID,Section\nByron,Ada,1842,,ada,A\n",
        ("ada", "Ada", "Byron", "1842", ""),
    ),
    "Canvas, without logins": ('Student,ID,Section\n"Byron, Ada",1842,A\n', ("1842", "Ada", "Byron", "1842", "")),
    "Canvas's users": (
        "canvas_user_id,user_id,login_id,first_name,last_name,full_name,email,status\n"
        "1842,S1,ada,Ada,Byron,Ada Byron,ada@example.org,active\n",
        ("ada", "Ada", "Byron", "1842", "ada@example.org"),
    ),
    "Moodle's participants": (
        '\ufeffNombre,Apellido(s),"Dirección de correo",Grupos\nLucía,"Vega Sanz",lu@example.org,"G32 - Lunes"\n',
        ("lu@example.org", "Lucía", "Vega Sanz", "", "lu@example.org"),
    ),
    "Moodle's grades": (
        '"First name",Surname,"ID number",Institution,"Email address","Assignment: Dropout (Real)"\n'
        "Ada,Byron,A-77,,ada@example.org,-\n",
        ("ada@example.org", "Ada", "Byron", "A-77", "ada@example.org"),
    ),
    "Moodle with usernames": (
        "Nombre;Apellido(s);Nombre de usuario;Número de ID;Dirección de correo\nAda;Byron;ada;A-77;ada@example.org\n",
        ("ada", "Ada", "Byron", "A-77", "ada@example.org"),
    ),
    "Moodle's grading sheet": (
        "Identifier,Full name,Email address,Status\nParticipant 5512,Ada King Byron,ada@example.org,Submitted\n",
        ("ada@example.org", "Ada", "King Byron", "", "ada@example.org"),
    ),
    "plain": ("id,first name,last name,email\nada,Ada,Byron,\n", ("ada", "Ada", "Byron", "", "")),
    "nbgrader's": (
        "id,first_name,last_name,email,lms_user_id\nada,Ada,Byron,,1842\n",
        ("ada", "Ada", "Byron", "1842", ""),
    ),
    "plain, Spanish": (
        "Usuario;Nombre;Primer apellido;Segundo apellido;Correo electrónico\nlu;Lucía;Vega;Sanz;lu@example.org\n",
        ("lu", "Lucía", "Vega Sanz", "", "lu@example.org"),
    ),
}


def written(tmp_path: Path, content: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(content.encode(encoding))
    return path


def compared(tmp_path: Path, content: str, *people: Person, encoding: str = "utf-8") -> Roster:
    return compare(read_class_list(written(tmp_path, content, encoding)), people)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_each_kind_of_list_is_known_by_its_columns(tmp_path: Path, kind: str, encoding: str) -> None:
    content, person = KINDS[kind]
    found = compared(tmp_path, content.replace("\n", "\r\n").removeprefix("\ufeff"), encoding=encoding)
    assert found.added == [Person(*person)]
    assert not found.needs_attention


def test_excels_tabs_and_its_first_line_are_read(tmp_path: Path) -> None:
    tabs = "id\tfirst name\tlast name\nada\tAda\tByron, Countess\n"
    assert compared(tmp_path, tabs, encoding="utf-16").added == [Person("ada", "Ada", "Byron, Countess", "")]
    with_hint = "sep=;\nid;first name;last name\nada;Ada;Byron\n"
    assert compared(tmp_path, with_hint).added == [Person("ada", "Ada", "Byron", "")]


def test_an_encoding_that_is_a_guess_is_told(tmp_path: Path) -> None:
    found = compared(tmp_path, "id;nombre;apellidos\nlu;Lucía;Vega\n", encoding="cp1252")
    assert found.added == [Person("lu", "Lucía", "Vega", "")]
    assert found.guessed
    assert found.needs_attention


@pytest.mark.parametrize(
    ("row", "before"),
    [
        ("1842,,", Person("u1", "Ada", "Byron", "1842", "ada@example.org")),
        (",ADA@example.org,", Person("u1", "Ada", "Byron", "1842", "ada@example.org")),
        (",,U1", Person("u1", "Ada", "Byron", "1842", "ada@example.org")),
        (",,ada@example.org", Person("u1", "Ada", "Byron", "1842", "ada@example.org")),
        ("1842,,", Person("1842", "Ada", "Byron", "1842", "")),
    ],
)
def test_number_id_and_address_say_who_it_is(tmp_path: Path, row: str, before: Person) -> None:
    found = compared(tmp_path, f"ID number,email,username\n{row}\n", before)
    assert [person.id for person in found.unchanged + [each for each, _after in found.changed]] == [before.id]
    assert not found.added
    assert not found.absent


def test_what_changes_is_told_and_what_the_list_leaves_empty_stays(tmp_path: Path) -> None:
    found = compared(tmp_path, "id,first name,last name,ID number\nada,,Lovelace,1900\n", ADA)
    [(before, after)] = found.changed
    assert after == Person("ada", "Ada", "Lovelace", "1900", "ada@example.org")
    assert list(changes(before, after)) == ["last name Byron → Lovelace", "LMS id 1842 → 1900"]


@pytest.mark.parametrize("known_as", ["ada_byron", "byronada", "u7"])
def test_who_was_graded_before_the_list_came_is_known_by_name(tmp_path: Path, known_as: str) -> None:
    """As collect calls strangers, after Moodle's and Canvas's files; or somebody added by hand, without a number."""
    before = Person("u7", "Ada", "Byron", "") if known_as == "u7" else Person(known_as, "", "", "")
    found = compared(tmp_path, CANVAS, before)
    assert found.changed == [(before, Person(known_as, "Ada", "Byron", "1842"))]
    assert [person.id for person in found.added] == ["ben@example.org"]


def test_a_name_alone_never_says_who_of_two_it_is(tmp_path: Path) -> None:
    two = "id,name,email\nana1,Ana Sol,a1@example.org\nana2,Ana Sol,a2@example.org\n"
    found = compared(tmp_path, two, Person("u1", "Ana", "Sol", ""))
    assert [person.id for person in found.added] == ["ana1", "ana2"]
    assert [person.id for person in found.absent] == ["u1"]
    found = compared(tmp_path, "id,name\nana,Ana Sol\n", Person("u1", "Ana", "Sol", ""), Person("u2", "Ana", "Sol", ""))
    assert "It could mean any of these in the gradebook: u1, u2." in found.problems[2]
    other = Person("u1", "Ana", "Sol", "", "another@example.org")
    found = compared(tmp_path, "id,name,email\nana,Ana Sol,a1@example.org\n", other)
    assert ([each.id for each in found.added], found.absent) == (["ana"], [other])


def test_keys_that_point_to_two_people_are_told(tmp_path: Path) -> None:
    found = compared(tmp_path, "id,ID number\nben,1842\n", ADA, Person("ben", "", "", ""))
    assert "ada, ben" in found.problems[2]
    assert not found.changed
    lines = "id,ID number,email\nada,,\nx,1842,\n"
    found = compared(tmp_path, lines, ADA)
    assert set(found.problems) == {2, 3}
    assert "The lines 2, 3 all mean ada in the gradebook" in found.problems[2]


def test_a_whole_name_that_fits_is_not_cut_anew(tmp_path: Path) -> None:
    maria = Person("mj", "María José", "Pérez", "")
    found = compared(tmp_path, "id,Nombre\nmj,María José Pérez\n", maria)
    assert found.unchanged == [maria]


def test_doubles_count_once_and_those_that_differ_not_at_all(tmp_path: Path) -> None:
    rows = "ada,Ada,a@example.org\nben,Ben,\nada,Ada,a@example.org\nBEN,Benno,\ncleo,Cleo,A@example.org\ndora,Dora,\n"
    found = compared(tmp_path, f"id,name,email\n{rows}")
    assert [person.id for person in found.added] == ["dora"]
    assert found.problems[4] == "It says the same as line 2."
    assert (
        found.problems[3] == found.problems[5] == "The lines 3, 5 have the same ben, and differ: none of them is used."
    )
    assert "have the same a@example.org" in found.problems[2]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("ada,Byron, Ada,x@example.org", "It has 4 cells, and the first line 3"),
        (",Nobody,", "It has no id and no e-mail address."),
        ("1.84E+11,Ada,", "1.84E+11 is a number that a spreadsheet has rounded."),
        ("ada,Ada,ada at home", "ada at home is no e-mail address."),
        ("../ada,Ada,", "../ada cannot be the name of a folder."),
        ("a\x1bda,Ada,", r"'a\x1bda' cannot be the name of a folder."),
        (f"ada,{'A' * 129},", "One of its cells is too long."),
    ],
)
def test_a_line_that_cannot_be_used_is_told_with_its_number(tmp_path: Path, row: str, reason: str) -> None:
    found = compared(tmp_path, f'id,name,email\nben,"Ben\nH.",\n\n{row}\n')
    assert [person.id for person in found.added] == ["ben"]
    [line] = found.problems
    assert line == 5  # the second takes two lines, and one is blank
    assert found.problems[line].startswith(reason)
    assert found.needs_attention


def test_teachers_are_left_out(tmp_path: Path) -> None:
    found = compared(tmp_path, 'id,name,roles\nada,Ada,Student\nt,Tom,"Teacher, Manager"\nu,U,"Student, TA"\n')
    assert [person.id for person in found.added] == ["ada", "u"]
    assert found.left_out == {3: "It is no student, but: Teacher, Manager."}
    assert not found.needs_attention


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"Student,Grade\nAda,5\n", "has no column that says who is who. Its columns are: Student, Grade."),
        (b"id,name\n", "There is no student in"),
        (b"id,name\n,Ada\n", "Line 2: It has no id and no e-mail address."),
        (b'id,name\nada,"Ada\nben,Ben\n', "cannot be read as a table: something is wrong in or after line 2"),
        (b'id,name\nada,"Ada" Byron\n', "cannot be read as a table: something is wrong in or after line 2"),
        (b"PK\x03\x04x", 'is a workbook of a spreadsheet. Save it as "CSV UTF-8"'),
        (b"id,name\nada,\x00", "is no text"),
        (b"id,name\nada,\x81\x8d", "is no text"),
        (b"\xff\xfea", "is no text"),
    ],
)
def test_a_file_that_is_no_list_is_one_sentence(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(UsageError) as fault:
        read_class_list(path)
    assert str(path) in str(fault.value)
    assert reason in str(fault.value)


def test_the_command_writes_all_or_nothing_and_says_what(course_copy: Path, tmp_path: Path) -> None:
    def run(content: str, *options: str, **extra: str) -> subprocess.CompletedProcess[str]:
        return course("roster", str(written(tmp_path, content)), *options, COURSE_ROOT=str(course_copy), **extra)

    def people() -> list[Person]:
        return sorted(ClassFolder(load_catalog(course_copy)).people(), key=lambda person: person.id)

    first = run(CANVAS, "--dry-run")
    assert first.returncode == 0
    assert "New: ada (Ada Byron, 1842)" in told(first)
    assert "Nothing was written (--dry-run)." in told(first)
    assert list((course_copy / "class").rglob("*")) == []
    assert people() == []

    second = run(CANVAS)
    assert second.returncode == 0
    assert "Line 6 left out: It is Canvas's test student." in told(second)
    assert "2 new, 0 changed, 0 unchanged, 0 not on the list; lines not used: 0." in told(second)
    ada = Person("ada", "Ada", "Byron", "1842")
    assert people() == [ada, Person("ben@example.org", "Ben", "Hopper", "1843")]

    third = run("id,last name,email\nada,Lovelace,\n,,\n,x,\n")
    assert third.returncode == 1
    assert "Changed: ada: last name Byron → Lovelace" in told(third)
    assert "Not on the list, and kept in the gradebook: ben@example.org." in told(third)
    assert "Line 4 not used: It has no id and no e-mail address." in told(third)
    assert "0 new, 1 changed, 0 unchanged, 1 not on the list; lines not used: 1." in told(third)
    stored = people()
    assert [person.last for person in stored] == ["Lovelace", "Hopper"]

    faulty = run('id,last name\nada,King\ncleo,"Rao\n', COURSE_LANG="es")
    assert faulty.returncode == 2
    assert "no se puede leer como tabla" in told(faulty)
    assert people() == stored


def test_a_write_that_fails_leaves_everybody_as_they_were(course_copy: Path) -> None:
    class_folder = ClassFolder(load_catalog(course_copy))
    class_folder.save_people([ADA])
    with pytest.raises(Exception, match=r"(?i)null"):
        class_folder.save_people([Person("ben", "Ben", "", ""), Person(None, "", "", "")])  # type: ignore[arg-type]
    assert class_folder.people() == [ADA]
