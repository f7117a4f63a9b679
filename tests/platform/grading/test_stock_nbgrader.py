"""Stock nbgrader's own commands in a course folder, from source to feedback, with our nbgrader_config.py."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from tests.commands import run_module
from tests.platform.tiny import (
    SLUG,
    WRONG,
    copy_course,
    environment,
    exercise_points,
    reference_solutions,
    write_submission,
)

NO_ANSWERS = '{"version": 1, "quizzes": {}}'
ANSWERS_OF_AN_AUTHOR = '{"an author": "was here"}'


def as_typed(root: Path, *arguments: str) -> None:
    """The command in a process that has imported nothing before."""
    run = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=root, env=environment(), capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def command(root: Path, *arguments: str, expect: int = 0) -> str:
    run = run_module(arguments, root, environment())
    assert run.returncode == expect, run.stdout + run.stderr
    return run.stdout + run.stderr


@pytest.fixture(scope="module")
def graded_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three students, released, submitted and graded by nbgrader's commands."""
    root = copy_course(tmp_path_factory.mktemp("stock") / "course")
    (root / "notebooks" / SLUG / "answers.json").write_text(ANSWERS_OF_AN_AUTHOR)
    as_typed(root, "nbgrader", "generate_assignment", SLUG)
    submitted = root / "class" / "submitted"
    write_submission(submitted / "ada" / SLUG, reference_solutions())
    wrong = {"standardise": WRONG["standardise"]["one_mean_for_all"]}
    write_submission(submitted / "ben" / SLUG, wrong)
    write_submission(submitted / "cleo" / SLUG, {})
    (submitted / "ada" / SLUG / "answers.json").write_text(NO_ANSWERS)
    as_typed(root, "nbgrader", "autograde", SLUG)
    as_typed(root, "nbgrader", "generate_feedback", SLUG)
    return root


def scores(root: Path) -> dict[str, dict[str, float | None]]:
    """auto_score by student and grade cell, from nbgrader's gradebook."""
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as gradebook:
        return {
            submission.student.id: {
                grade.name: grade.auto_score for notebook in submission.notebooks for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(SLUG)
        }


def test_autograde_stores_the_judges_points(graded_course: Path) -> None:
    stored = scores(graded_course)
    assert stored["ada"]["standardise"] == 4
    assert stored["ada"]["first_peak"] == 2
    assert stored["ada"]["explain_scaling"] is None
    assert 0 < (stored["ben"]["standardise"] or 0) < 4
    assert stored["cleo"] == dict.fromkeys(["quiz", *exercise_points(), "explain_scaling"], 0)


def test_feedback_shows_the_findings_and_the_name(graded_course: Path) -> None:
    page = (graded_course / "class" / "feedback" / "ben" / SLUG / "exercises.html").read_text()
    assert "One mean and one spread, of all values, serve for every column." in page
    assert "each column has the mean and the spread" in page


def test_an_authors_answers_reach_nobody(graded_course: Path) -> None:
    assert not (graded_course / "class" / "release" / SLUG / "answers.json").exists()
    autograded = graded_course / "class" / "autograded" / "ada" / SLUG / "answers.json"
    assert autograded.read_text() == NO_ANSWERS


def test_validate_passes_the_source_and_tells_what_a_release_lacks(graded_course: Path) -> None:
    source = command(graded_course, "nbgrader", "validate", f"notebooks/{SLUG}/exercises.ipynb")
    assert "Success" in source
    released = command(graded_course, "nbgrader", "validate", f"class/release/{SLUG}/exercises.ipynb")
    assert f"VALIDATION FAILED ON {len(exercise_points()) + 1} CELL(S)" in released


def test_without_our_preprocessors_nbgrader_reads_the_same_points(graded_course: Path, tmp_path: Path) -> None:
    """check() shows its points as plain text, which nbgrader's own Execute and scoring read. Without the lesson, which
    stock nbgrader would run as well."""
    root = tmp_path / "plain"
    shutil.copytree(graded_course, root, ignore=shutil.ignore_patterns("autograded", "feedback", "gradebook.db"))
    config = root / "nbgrader_config.py"
    lines = config.read_text()
    for lesson in root.glob(f"**/{SLUG}/lesson.ipynb"):
        lesson.unlink()
    start = lines.index("# What differs from stock nbgrader")
    config.write_text(lines[:start] + "c.Execute.timeout = 120\n")
    command(root, "nbgrader", "generate_assignment", SLUG, "--force")
    command(root, "nbgrader", "autograde", SLUG, "--student", "ada")
    command(root, "nbgrader", "autograde", SLUG, "--student", "ben")
    ours, plain = scores(graded_course), scores(root)
    for student in ("ada", "ben"):
        assert plain[student] == {name: score for name, score in ours[student].items() if name != "quiz"}


def test_course_grade_gives_the_same_scores(graded_course: Path, tmp_path: Path) -> None:
    root = tmp_path / "ours"
    shutil.copytree(graded_course, root, ignore=shutil.ignore_patterns("autograded", "feedback", "gradebook.db"))
    results = tmp_path / "results.json"
    command(root, "course", "grade", SLUG, "--json", str(results))
    assert scores(root) == scores(graded_course)
    rows = json.loads(results.read_text())
    assert sorted(rows) == ["ada", "ben", "cleo"]
    assert rows["ada"]["chapter"] == SLUG
    assert rows["ada"]["cells"]["standardise"]["status"] == "passed"
    assert rows["ben"]["cells"]["standardise"]["misconceptions"] == ["one_mean_for_all"]
    command(root, "nbgrader", "generate_feedback", SLUG)
    assert (
        "One mean and one spread, of all values, serve for every column."
        in (root / "class" / "feedback" / "ben" / SLUG / "exercises.html").read_text()
    )


def test_a_grade_given_by_hand_outlives_grading_again(graded_course: Path, tmp_path: Path) -> None:
    root = tmp_path / "again"
    shutil.copytree(graded_course, root)
    url = f"sqlite:///{root}/class/gradebook.db"
    with Gradebook(url, "neural-networks") as gradebook:
        gradebook.find_grade("explain_scaling", "exercises", SLUG, "ada").manual_score = 2.5
        gradebook.db.commit()
    command(root, "course", "grade", SLUG, "ada")
    with Gradebook(url, "neural-networks") as gradebook:
        assert gradebook.find_grade("explain_scaling", "exercises", SLUG, "ada").score == 2.5
        assert gradebook.find_submission(SLUG, "ada").score == sum(exercise_points().values()) + 2.5
