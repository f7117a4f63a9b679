"""The report's first screen: counts, what cost most, whom to look at first."""

import re
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from course.catalog import load_catalog
from course.report.page import write_report
from course.report.statistics import MisconceptionStatistics, StudentStatistics
from course.report.summary import costliest, first_to_look_at
from tests.platform.report.test_report import Page, add, cell
from tests.platform.tiny import SLUG

REASONS = {"fault": ("fault", "x"), "missing": ("missing", ""), "late": ("late", "1 h"), "low": ("under half", "")}


def student(name: str, score: float, *reasons: str) -> StudentStatistics:
    status = "needs attention" if "fault" in reasons else "missing" if "missing" in reasons else "graded"
    return StudentStatistics(name, status, score, 10, 0, None, None, tuple(REASONS[each] for each in reasons))


@pytest.fixture
def screen(course_copy: Path) -> Path:
    add(course_copy, "zoe", 10, {"e1": cell("passed")})
    add(course_copy, "kim", 4, {"e1": cell("partial", "no_rescale")})
    add(course_copy, "ada", 1, {"e1": cell("failed", "no_rescale")})
    return course_copy


def first_screen(page: Path) -> str:
    """The text before the list of sections, with single spaces."""
    return re.sub(r"\s+", " ", Page(page.read_text().split("<nav")[0]).text)


def test_the_first_screen_says_how_many_how_well_what_and_whom(screen: Path) -> None:
    text = first_screen(write_report(load_catalog(screen), SLUG))
    for told in ("3 have handed in", "3 are graded", "0 have answers to mark by hand", "0 have handed in nothing"):
        assert told in text
    assert "Mean 50 %, median 40 % of the points; the middle half has 25 to 70 %." in text
    assert "The values are centred and keep their spread. Learners: 2. Points lost: 15." in text  # 6 and 9 of 10
    assert text.index("ada 10 % of the points.") < text.index("kim 40 % of the points.")


def test_a_learner_is_linked_to_the_feedback_page_unless_the_report_is_anonymous(screen: Path) -> None:
    feedback = screen / "class" / "feedback" / "ada" / SLUG / "feedback.html"
    feedback.parent.mkdir(parents=True)
    for path in (feedback, feedback.with_name("a page handed in.html")):
        path.touch()
    page = write_report(load_catalog(screen), SLUG)
    links = [attributes["href"] for tag, attributes in Page(page.read_text()).tags if tag == "a"]
    (link,) = [link for link in links if link and not link.startswith("#")]
    assert (page.parent / link).resolve() == feedback.resolve()
    assert "feedback" not in write_report(load_catalog(screen), SLUG, anonymous=True).read_text()


def test_first_comes_what_could_not_be_graded_then_the_fewest_points() -> None:
    students = [
        student("low", 2, "low"),
        student("late", 9, "late"),
        student("lowest", 1, "low"),
        student("gone", 0, "missing"),
        student("broken", 5, "fault"),
        student("half", 4, "low"),
    ]
    assert [each.name for each in first_to_look_at(students)] == ["broken", "lowest", "low"]
    whole, gone, late = student("all", 10), student("gone", 0, "missing"), student("late", 9, "late")
    assert first_to_look_at([whole, gone, late]) == [late]


def test_the_costliest_misconceptions_are_those_that_lost_most_points() -> None:
    lost = {"few": (9, 2.0), "many": (2, 8.0), "quiz": (20, 0.0), "some": (5, 3.0)}
    listed = [MisconceptionStatistics("e1", name, count, name, "", points) for name, (count, points) in lost.items()]
    assert [each.name for each in costliest(listed)] == ["many", "some", "few"]


def test_a_learner_whom_the_gradebook_knows_by_name_is_called_so_unless_the_report_is_anonymous(screen: Path) -> None:
    with Gradebook(f"sqlite:///{screen}/class/gradebook.db", "neural-networks") as gradebook:
        gradebook.update_or_create_student("ada", first_name="Ada", last_name="Lovelace")
        gradebook.update_or_create_student("zoe", first_name="Zoe")
    text = first_screen(write_report(load_catalog(screen), SLUG))
    assert "Ada Lovelace (ada) 10 % of the points." in text
    assert " kim 40 % of the points." in text
    cells = re.findall(r"<t[hd][^>]*>([^<]*Lovelace[^<]*)<", write_report(load_catalog(screen), SLUG).read_text())
    assert cells == ["Ada Lovelace (ada)"] * 2  # whom to look at, and each learner
    assert "Lovelace" not in write_report(load_catalog(screen), SLUG, anonymous=True).read_text()


def test_no_number_in_a_file_of_the_report_has_more_than_three_decimals(screen: Path) -> None:
    add(screen, "bo", 10 / 3, {"e1": cell("partial")})
    folder = write_report(load_catalog(screen), SLUG).parent
    assert "3.333" in (folder / "scores.csv").read_text()
    for path in folder.glob("*.csv"):
        assert not re.search(r"\d\.\d{4}", path.read_text()), path.name
