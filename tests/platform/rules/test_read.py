"""course.yml as an instructor writes it: nothing needs to be there, and each fault is one sentence with its line."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from course.catalog import load_catalog
from course.notebooks.rules import require_sound_rules
from course.rules.model import ChapterRules
from course.rules.read import COURSE_FILE, RulesError, chapter_rules, load_rules
from tests.conftest import ROOT
from tests.conftest import SLUG as DROPOUT
from tests.platform.tiny import SLUG

CHAPTER = f"chapters:\n  {SLUG}:\n"

# text of the file: what is told, from the line on
FAULTS = {
    "chapters:\n  2-1-tinny:\n    late: none\n": "2: there is no chapter '2-1-tinny'. Did you mean 2-1-tiny?",
    CHAPTER + "    exercises:\n      standardize: {points: 3}\n": (
        f"4: {SLUG} has no exercise 'standardize'. Did you mean standardise?"
    ),
    CHAPTER + "    exercises:\n      standardise: {pints: 3}\n": "4: 'pints' is not a field here; is it misspelt, or",
    CHAPTER + "    exercises:\n      standardise: {points: -1}\n": "4: 'points' must be at least 0, not -1.",
    CHAPTER + "    exercises:\n      standardise: {counts: maybe}\n": "4: 'counts' must be true or false, not 'maybe'",
    CHAPTER + "    due: 2030-05-01 18:00\n": "3: in which time zone is 2030-05-01 18:00? Write it behind",
    CHAPTER + "    due: 2030-05-01 18:00:00\n": "3: in which time zone is 2030-05-01 18:00?",
    CHAPTER + "    due: 2030-05-01\n": "3: the due date 2030-05-01 has no time of day. Write it, e.g. 2030-",
    CHAPTER + "    due: 2030-02-30 18:00 UTC\n": "3: there is no 2030-02-30 18:00. Mend the date or the time.",
    CHAPTER + "    due: 1 May, 6 pm UTC\n": "3: '1 May, 6 pm UTC' is no due date. Write date, time and zone",
    CHAPTER + "    due: 2030-05-01 18:00 Madrid\n": "3: there is no time zone 'Madrid'. Did you mean Europe/Madrid?",
    CHAPTER + "    due: 2030-05-01 18:00 CEST\n": "3: there is no time zone 'CEST'.",
    CHAPTER + "    due: 2030-03-31 02:30 Europe/Madrid\n": "3: the clocks change at 2030-03-31 02:30, so it comes",
    "timezone: Europe/Madird\n": "1: there is no time zone 'Europe/Madird'. Did you mean Europe/Madrid?",
    "chapter:\n": "1: 'chapter' is not a field here; is it misspelt, or indented too far?",
    "late: {percent: 110, per: day}\n": "1: 'percent' must be at most 100, not 110.",
    "late:\n  percent: 10\n  per: week\n": "3: 'per' must be 'day' or 'hour', not 'week'.",
    "late:\n  percent: 10\n": "1: 'per' is missing; add it.",
    "late: 10%\n": "1: 'late' must be a mapping of fields, not '10%'.",
    "quiz: {counts: last}\n": "1: 'counts' must be 'first', 'latest' or 'best', not 'last'.",
    "quiz: {attempts: 0}\n": "1: 'attempts': it is a whole number from 1 to 20, or the word any (found 0).",
    "quiz:\n  feedback: after-grading\n  counts: best\n": (
        f"1: in {SLUG} the best of any number of answers would count, which gives the points away: set attempts, or"
    ),
    "seconds: {cell: 0}\n": "1: 'cell' must be at least 1, not 0.",
    "late: none\n\nlate: none\n": "3: 'late' stands here twice; keep one.",
    "- due\n": "1: it is a mapping of settings, such as 'chapters:'.",
    "late: [\n": "2: not valid YAML",
    "language: Spanish\n": "1: 'language' must be one of en, es, not 'Spanish'.",
    "language: es\n" + CHAPTER + "    language: fr\n": "4: 'language' must be one of en, es, not 'fr'.",
    CHAPTER + "    language: 3\n": "3: 'language' must be text; 3 is not: put it in quotes.",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_told_once_with_its_line(text: str, course_copy: Path) -> None:
    (course_copy / COURSE_FILE).write_text(text)
    with pytest.raises(RulesError) as caught:
        require_sound_rules(load_catalog(course_copy))
    assert str(caught.value).startswith(f"{course_copy / COURSE_FILE}:{FAULTS[text]}")
    assert (len(caught.value.sentences), caught.value.exit_code) == (1, 2)


def test_a_slug_that_a_chapter_had_is_named_with_its_new_one(course_copy: Path) -> None:
    contents = course_copy / "notebooks" / "contents.yml"
    contents.write_text(contents.read_text().replace("module: tiny", "module: tiny\n        formerly: [2-1-small]"))
    (course_copy / COURSE_FILE).write_text("chapters: {2-1-small: {late: none}}\n")
    with pytest.raises(RulesError, match=r"course\.yml:1: 2-1-small is called 2-1-tiny now\. Write that\."):
        load_rules(load_catalog(course_copy))


NOTHING = ("", "# nothing is set\n", "chapters:\n  # 2-1-tiny:\n", f"late:\n{CHAPTER}    quiz:\n    exercises:\n")


@pytest.mark.parametrize("text", NOTHING)
def test_without_settings_everything_is_as_the_chapters_have_it(text: str, course_copy: Path) -> None:
    assert chapter_rules(load_catalog(course_copy), SLUG) == ChapterRules()
    (course_copy / COURSE_FILE).write_text(text)
    assert chapter_rules(load_catalog(course_copy), SLUG) == ChapterRules()


@pytest.mark.parametrize(
    ("due", "utc"),
    [
        ("2030-05-01 18:00 UTC", datetime(2030, 5, 1, 18)),
        ("2030-05-01 18:00", datetime(2030, 5, 1, 16)),
        ("2030-01-01 18:00:30", datetime(2030, 1, 1, 17, 0, 30)),
        ("2030-05-01T18:00 -05:00", datetime(2030, 5, 1, 23)),
        ("2030-05-01 18:00:00 +02:00", datetime(2030, 5, 1, 16)),
        ("2030-05-01 8:00 America/New_York", datetime(2030, 5, 1, 12)),
        ("none", None),
    ],
)
def test_a_due_date_is_meant_in_its_own_zone_or_the_files(due: str, utc: datetime | None, course_copy: Path) -> None:
    (course_copy / COURSE_FILE).write_text(f"timezone: Europe/Madrid\n{CHAPTER}    due: {due}\n")
    rules = chapter_rules(load_catalog(course_copy), SLUG)
    assert rules.due is not None
    assert rules.due.in_utc == utc


def test_a_chapters_lines_hold_over_the_courses(course_copy: Path) -> None:
    chapter = "    late: none\n    language: es\n    quiz: {attempts: any}\n"
    chapter += "    exercises: {standardise: {seconds: 3}, quiz: {counts: false}}\n"
    course = (
        "language: en\nlate: {percent: 5, per: hour}\n"
        + "quiz: {counts: first, attempts: 2}\nseconds: {call: 20, cell: 90}\n"
    )
    (course_copy / COURSE_FILE).write_text(course + CHAPTER + chapter)
    rules = load_rules(load_catalog(course_copy))
    here, others = rules.chapter(SLUG), rules.chapter("another assignment")
    assert (here.counts, here.attempts, others.attempts) == ("first", "any", 2)
    assert (here.language, others.language) == ("es", "en")
    assert (here.late and here.late.percent, others.late and others.late.percent) == (0, 5)
    assert (here.seconds_of_call("standardise", 10), here.seconds_of_call("running_sum", 10)) == (3, 20)
    assert (here.points_of("quiz", 2), here.points_of("standardise", 4), here.cell_seconds) == (0, 4, 90)


def uncommented(text: str) -> str:
    """The shipped file with every setting in force, and only the comments that explain."""
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    return "\n".join(line for line in lines if re.match(r" *[\w-]+:( |$)", line))


def test_the_file_that_is_shipped_sets_nothing_and_works_line_by_line(tmp_path: Path) -> None:
    text = (ROOT / COURSE_FILE).read_text()
    assert [line for line in text.splitlines() if line and not line.startswith("#")] == []
    for name in ("notebooks", "quizzes"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / COURSE_FILE).write_text(uncommented(text))
    catalog = load_catalog(tmp_path)
    require_sound_rules(catalog)
    rules = load_rules(catalog)
    assert (rules.others.language, rules.chapter(DROPOUT).language) == ("en", "es")
    assert rules.others.late is not None
    assert rules.chapter(DROPOUT).points_of("inverted_dropout", 4) == 6
