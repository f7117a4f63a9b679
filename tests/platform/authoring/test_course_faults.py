"""What an author is told about a fault in any of the four places: where it is, by file and line, and the mend."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from course.authoring.validate import course_problems, misconceptions
from course.catalog import load_catalog
from course.chapters.tiny import exercises, judges
from course.errors import CourseError
from course.exercises import misconceptions as words
from course.exercises.base import Judge
from tests.platform.tiny import SLUG

CONTENTS, LESSON, EXERCISES = (
    "notebooks/contents.yml",
    f"notebooks/{SLUG}/lesson.ipynb",
    f"notebooks/{SLUG}/exercises.ipynb",
)
ENTRY = (
    "      - slug: 2-1-tiny\n        title: Tiny\n        minutes: {lesson: 25, exercises: 60}\n        module: tiny\n"
)
COMPARED = "    comparison:\n      title: Side by side\n      aspects: [Scaling, Changes]\n      texts: {%s}\n"
POINTS_OF_E3 = '"grade_id": "first_peak",\n     "locked": true,\n     "points": '

# fault: (file, what stands there, what the author made of it, what is told)
FAULTS = {
    "a misspelt field": (CONTENTS, "chapters: []", "chapter: []", r"contents.yml:4: an entry .* not chapter\."),
    "a missing module": (CONTENTS, "        module: tiny\n", "", r"contents.yml:8: an entry is missing"),
    "a slug without numbers": (
        CONTENTS,
        SLUG,
        "dropout",
        r"contents.yml:8: the slug 'dropout' is not like 2-4-dropout",
    ),
    "a module that is no name": (
        CONTENTS,
        "module: tiny",
        "module: ti-ny",
        r"contents.yml:8: the module 'ti-ny'",
    ),
    "a slug twice": (CONTENTS, ENTRY, ENTRY + ENTRY, r"contents.yml:12: the slug 2-1-tiny stands twice"),
    "a key twice": (
        CONTENTS,
        "title: Basics",
        "title: B\n    title: Basics",
        r"contents.yml:5: .*'title' stands here twice",
    ),
    "the wrong section": (
        CONTENTS,
        "chapters: []\n  - title: Inputs\n    chapters:\n" + ENTRY,
        "chapters:\n" + ENTRY + "  - title: Inputs\n    chapters: []\n",
        r"contents.yml:6: 2-1-tiny stands in section 1",
    ),
    "chapters out of order": (
        CONTENTS,
        ENTRY,
        ENTRY + "      - {slug: 2-0-late, title: Late, module: late}\n",
        r"contents.yml:12: 2-0-late stands after chapter 1",
    ),
    "a chapter without any place": (
        CONTENTS,
        ENTRY,
        ENTRY + "      - {slug: 2-5-more, title: More, module: more}\n",
        r"(?s)contents.yml:12: 2-5-more has no notebooks/2-5-more/lesson.ipynb.*no quizzes/2-5-more.yml"
        r".*no course/chapters/more/__init__.py.*no course/chapters/more/judges/__init__.py.*no tests in tests/chap",
    ),
    "another chapter's module": (
        CONTENTS,
        ENTRY,
        ENTRY + "      - {slug: 2-5-more, title: More, module: tiny}\n",
        r"contents.yml:8: the module tiny belongs to two chapters",
    ),
    "a comparison of a chapter that is not there": (
        CONTENTS,
        "  - title: Inputs\n",
        "  - title: Inputs\n" + COMPARED % "2-5-more: [More, nothing]",
        r"contents.yml:10: '2-5-more' is no chapter of this section that is written",
    ),
    "a chapter with too few texts": (
        CONTENTS,
        "  - title: Inputs\n",
        "  - title: Inputs\n" + COMPARED % f"{SLUG}: [Tiny]",
        rf"contents.yml:10: the texts of {SLUG} must be a list, one for each aspect",
    ),
    "another chapter's quiz": (
        LESSON,
        rf"quiz(\"{SLUG}\", part",
        r"quiz(\"2-5-more\", part",
        r"lesson.ipynb:\d+: cell 'pred.* quiz of '2-5-more'",
    ),
    "a part that is not": (
        LESSON,
        r"part=\"predictions\"",
        r"part=\"guesses\"",
        r"cell 'predictions' shows a part 'guesses'",
    ),
    "another chapter's form": (
        LESSON,
        rf"feedback(\"{SLUG}\")",
        r"feedback(\"2-5-more\")",
        r"cell 'form' shows the feedback of '2-5-more'",
    ),
    "an unknown exercise": (
        EXERCISES,
        r"check(\"first_peak\")",
        r"check(\"chose_rate\")",
        r"exercises.ipynb:\d+: cell 'e3-check' checks 'chose_rate'",
    ),
    "a link to the contents page": (
        LESSON,
        "](exercises.ipynb)",
        "](../index.ipynb)",
        r"links to the contents page, which is not there when a class fetches the chapter",
    ),
    "a link to nothing": (
        LESSON,
        "](exercises.ipynb)",
        "](exercise.ipynb#e1)",
        r"links to exercise.ipynb, which is not there",
    ),
    "a cell id twice": (EXERCISES, '"id": "e2-check"', '"id": "e1-check"', r"cell 'e1-check' needs an id of its own"),
    "a solution in the open": (
        EXERCISES,
        r'check(\"first_peak\")"',
        r'check(\"first_peak\")\n### BEGIN SOLUTION\n1\n### END SOLUTION"',
        r"cell 'e3-check' holds a solution and is no solution cell",
    ),
    "a function of another name": (EXERCISES, "def first_peak(", "def pick_rate(", r"defines no function first_peak"),
    "points told by hand": (
        EXERCISES,
        "`scores` is a dict of numbers by number.",
        "`scores` is a dict. One point for the first.",
        r"cell 'e3-task' tells 'One point' in its text, which stays when an instructor sets other points\.",
    ),
    "points that differ": (
        EXERCISES,
        f"{POINTS_OF_E3}2",
        f"{POINTS_OF_E3}3",
        r"gives 3 points, FirstPeak gives 2",
    ),
    "a broken translation": (f"quizzes/{SLUG}.es.yml", "parts:", "sections:", r"quiz has no 'sections' here"),
    "a section that is gone": (
        f"quizzes/{SLUG}.yml",
        "reread: How it works",
        "reread: What it is",
        r"tiny.yml:\d+: no notebook of the chapter has a section",
    ),
}


@pytest.fixture
def course_copy(course_copy: Path) -> Path:
    """With the folder of its chapter's tests, where an author has one."""
    tests = course_copy / "tests" / "chapters" / "tiny"
    tests.mkdir(parents=True)
    (tests / "test_exercises.py").write_text("")
    return course_copy


def told(root: Path) -> str:
    try:
        return "\n".join(course_problems(load_catalog(root)))
    except CourseError as error:
        return str(error)


def test_a_sound_course_has_no_faults(course_copy: Path) -> None:
    assert told(course_copy) == ""


@pytest.mark.parametrize(("file", "old", "new", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_told_where_it_is(course_copy: Path, file: str, old: str, new: str, sentence: str) -> None:
    path = course_copy / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert re.search(sentence, told(course_copy)), told(course_copy)


def test_rooms_that_no_chapter_has_are_told(course_copy: Path) -> None:
    (course_copy / "notebooks" / SLUG).rename(course_copy / "notebooks" / "2-4-drop")
    (course_copy / "quizzes" / f"{SLUG}.es.yml").rename(course_copy / "quizzes" / "2-4-drop.es.yml")
    (course_copy / "tests" / "chapters" / "tiny").rename(course_copy / "tests" / "chapters" / "drop")
    (course_copy / "course" / "chapters" / "drop").mkdir(parents=True)
    (course_copy / "course" / "chapters" / "drop" / "lesson.py").touch()
    faults = told(course_copy)
    assert f"contents.yml:8: {SLUG} has no notebooks/{SLUG}/lesson.ipynb" in faults
    assert "contents.yml:8: 2-1-tiny has no tests in tests/chapters/tiny/" in faults
    for place in ("notebooks/2-4-drop", "quizzes/2-4-drop.es.yml", "tests/chapters/drop", "course/chapters/drop"):
        assert f"{place} is of no chapter" in faults


def test_what_only_nbgrader_minds_is_told(course_copy: Path) -> None:
    path = course_copy / EXERCISES
    marked = path.read_text().replace("### END SOLUTION", "### END SOLUTION\\n### BEGIN SOLUTION", 1)
    path.write_text(marked)
    assert f"notebooks/{SLUG}: nbgrader cannot release this chapter" in told(course_copy)


class PublicJudge(Judge):
    """A judge in a module that the sandbox does not hide."""

    def judge(self, case: object, values: object) -> list[object]:  # type: ignore[override]
        return []


def broken_cases(_self: object, _rng: object) -> list[object]:
    raise ZeroDivisionError("no such key")


CODE_FAULTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], str]] = {
    "no judge": (
        lambda patch: patch.delitem(judges.JUDGES, "first_peak"),
        "tiny/judges/__init__.py: there is no judge of first_peak. Add one to JUDGES.",
    ),
    "a judge of nothing": (
        lambda patch: patch.setitem(judges.JUDGES, "chose_rate", judges.FirstPeakJudge()),
        "JUDGES has chose_rate, which is no exercise of this chapter.",
    ),
    "a judge that submissions can read": (
        lambda patch: patch.setitem(judges.JUDGES, "first_peak", PublicJudge()),
        "PublicJudge is defined in tests.platform.authoring.test_course_faults, which submissions can read.",
    ),
    "a class in place of an exercise": (
        lambda patch: patch.setattr(exercises, "EXERCISES", (exercises.FirstPeak,)),
        "EXERCISES holds FirstPeak, which is no exercise. Is it missing its ()?",
    ),
    "an exercise twice": (
        lambda patch: patch.setattr(exercises, "EXERCISES", (exercises.FirstPeak(), exercises.FirstPeak())),
        "tiny/exercises/__init__.py: first_peak stands twice in EXERCISES.",
    ),
    "no table of exercises": (
        lambda patch: patch.delattr(exercises, "EXERCISES"),
        "tiny/exercises/__init__.py: it defines no EXERCISES. Add it.",
    ),
    "cases that cannot be made": (
        lambda patch: patch.setattr(exercises.FirstPeak, "cases", broken_cases),
        "FirstPeak.cases raises ZeroDivisionError: no such key.",
    ),
}


TOLD = "no_rescale: {says: Los valores se centran y conservan su dispersión.}"
SECTION = "  reread: How it works\n"
# fault: (language, what stands there, what the author made of it, all that is told)
WORD_FAULTS = {
    "a misspelt code": (
        "",
        "no_rescale:",
        "no_resale:",
        r"s.yml:2: no judge names 'no_resale'\. Did you mean 'no_rescale'",
    ),
    "a code too many": (
        "",
        "no_rescale:",
        "x: {says: X., reread: How it works}\nno_rescale:",
        r"s.yml:2: no judge names 'x'",
    ),
    "a section that is gone": (
        "",
        SECTION,
        SECTION.replace("works", "work"),
        r"s.yml:4: .*Did you mean 'How it works'",
    ),
    "no section": ("", SECTION, "", r"s.yml:2: 'no_rescale' needs 'reread', a text\."),
    "a field too many": ("", SECTION, f"{SECTION}  because: x\n", r"s.yml:5: 'because' is no field here"),
    "no translation": (".es", TOLD, "", r"s.es.yml:\d+: 'no_rescale' is not translated; add it\."),
    "a translation of nothing": (
        ".es",
        TOLD,
        f"{TOLD}\nx: {{says: X.}}",
        r"s.es.yml:3: misconceptions.yml has no 'x' here",
    ),
    "no YAML": ("", "no_rescale:", "no_rescale: [", r"s.yml:\d+: not valid YAML"),
    "a code twice": ("", "shift_forgotten:", "no_rescale:", r"s.yml:8: 'no_rescale' stands here twice"),
}


@pytest.mark.parametrize(("lang", "old", "new", "sentence"), WORD_FAULTS.values(), ids=WORD_FAULTS)
def test_a_fault_in_the_words_of_misconceptions_is_told_once_and_where_it_is(
    course_copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    lang: str,
    old: str,
    new: str,
    sentence: str,
) -> None:
    chapters = tmp_path / "course" / "chapters"
    shutil.copytree(words.CHAPTERS / "tiny", chapters / "tiny", ignore=shutil.ignore_patterns("*.py", "data"))
    path = chapters / "tiny" / f"misconceptions{lang}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    for module in (words, misconceptions):
        monkeypatch.setattr(module, "CHAPTERS", chapters)
    (fault,) = told(course_copy).splitlines()
    assert re.match(f"course/chapters/tiny/misconception{sentence}", fault), fault


def test_a_judge_that_can_name_what_has_no_words_is_told(course_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judges.FirstPeakJudge, "misconceptions", (*judges.FirstPeakJudge.misconceptions, "new_one"))
    (fault,) = told(course_copy).splitlines()
    place = r"course/chapters/tiny/judges/first_peak.py:\d+: course/chapters/tiny/misconceptions.yml"
    assert re.match(f"{place} has no words for 'new_one'. Add them, or mend the code.", fault)


def test_judges_without_any_words_are_told(course_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (words, misconceptions):
        monkeypatch.setattr(module, "CHAPTERS", tmp_path / "course" / "chapters")
    (fault,) = told(course_copy).splitlines()
    assert fault.startswith(
        "course/chapters/tiny/misconceptions.yml:1: there is no such file. Add it, with the words of:"
    )


@pytest.mark.parametrize(("fault", "sentence"), CODE_FAULTS.values(), ids=CODE_FAULTS)
def test_exercises_and_judges_that_do_not_fit_are_told(
    course_copy: Path, monkeypatch: pytest.MonkeyPatch, fault: Callable[[pytest.MonkeyPatch], None], sentence: str
) -> None:
    fault(monkeypatch)
    assert sentence in told(course_copy)
