"""A chapter's files are known again under the names that browsers, systems and platforms give them."""

import pytest

from course.grading.intake.copies import Mark, known_file

NOTEBOOKS = {"exercises", "lesson", "deeper-gan", "deeper-gan-2"}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("exercises.ipynb", 0),
        ("Exercises.IPYNB", 0),
        ("exercises .ipynb", 0),
        ("exercises-1.ipynb", 1),
        ("exercises (1).ipynb", 1),
        ("exercises(3).ipynb", 3),
        ("exercises (1)-1.ipynb", 2),
        ("exercises-1 (2).ipynb", 3),
        ("exercises 2.ipynb", 2),
        ("exercises_(1).ipynb", 1),
        ("exercises+(1).ipynb", 1),
        ("exercises%20(1).ipynb", 1),
        ("exercises-6f1c0a3e-0000-4000-8000-0123456789ab.ipynb", 8),
    ],
)
def test_the_higher_number_counts(name: str, number: int) -> None:
    assert known_file(name, NOTEBOOKS) == ("exercises.ipynb", Mark(True, number))


@pytest.mark.parametrize(
    "name",
    [
        "exercises copy.ipynb",
        "exercises copy 2.ipynb",
        "exercises - Copy (2).ipynb",
        "exercises - copia.ipynb",
        "exercises-Copy1.ipynb",
        "exercises (copia).ipynb",
        "exercises (another copy).ipynb",
        "exercises (Ada's conflicted copy 2030-05-01).ipynb",
        "exercises-checkpoint.ipynb",
        "Copy of exercises.ipynb",
        "Copia de exercises (1).ipynb",
        "Copy_of_Copy_of_exercises.ipynb",
        "exercises.ipynb.txt",
        "exercises.ipynb.json",
        "exercises.ipynb (1).txt",
        "exercises.ipynb.download",
    ],
)
def test_what_calls_itself_a_copy_counts_where_there_is_no_other(name: str) -> None:
    file, mark = known_file(name, NOTEBOOKS) or ("", Mark())
    assert file == "exercises.ipynb"
    assert mark < Mark()


def test_a_name_of_the_chapters_own_is_no_copy() -> None:
    assert known_file("deeper-gan-2.ipynb", NOTEBOOKS) == ("deeper-gan-2.ipynb", Mark())
    assert known_file("deeper-gan-1.ipynb", NOTEBOOKS) == ("deeper-gan.ipynb", Mark(True, 1))
    assert known_file("answers (1).json", NOTEBOOKS) == ("answers.json", Mark(True, 1))


@pytest.mark.parametrize(
    "name",
    ["exercises_final.ipynb", "exercises.txt", "exercises.pdf", "answers.txt", "1.ipynb", "copy.ipynb", ".ipynb", "x"],
)
def test_what_is_called_otherwise_is_none_of_the_chapters(name: str) -> None:
    assert known_file(name, NOTEBOOKS) is None
