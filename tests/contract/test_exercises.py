"""The exercises: right solutions of any style pass, each wrong one fails with its name, an empty one is not attempted.

The solutions are those of tests/chapters/<module>/solutions/, and the notebook's own.
"""

import re

import pytest

from course.authoring.run.solutions import as_it_must_be
from course.authoring.solutions import Solution
from course.catalog import Catalog, Chapter
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.exercises.misconceptions import misconception_text
from course.exercises.registry import chapter_exercises, find_judge
from course.storage.headings import headings_in
from tests.contract.chapters import defined, solutions_of

GRADED_SEED = 2_000_001  # one of many: benchmarks/exercise_seeds.py tries more


def test_there_are_right_and_wrong_solutions(slug: str, exercise: str) -> None:
    kinds = [solution.kind for solution in solutions_of(slug)[exercise]]
    assert kinds.count("RIGHT") >= 2, "the notebook's own, and one that was written in another style"
    assert kinds.count("WRONG") >= 1


def test_judges_name_what_is_known_and_no_more(slug: str, exercise: str, chapter: Chapter) -> None:
    named = {name for each in solutions_of(slug)[exercise] if each.kind in ("WRONG", "VARIANTS") for name in each.names}
    assert named == set(find_judge(chapter, exercise).misconceptions)


def test_the_judge_is_right_about_a_solution(chapter: Chapter, solution: Solution) -> None:
    """Right ones are tried as grading does, wrong ones as the notebook does, whose report they meet first."""
    seed = GRADED_SEED if solution.right else VISIBLE_SEED
    verdict = check_candidate(solution.exercise, defined(chapter.slug, solution.source), seed, chapter)
    failed = [finding for finding in verdict.findings if not finding.passed]
    assert as_it_must_be(solution, verdict), (verdict.status, verdict.misconceptions, solution.names, failed)
    assert (verdict.score == verdict.max_score) == solution.right
    assert all(finding.message.startswith("Tried: ") for finding in failed)
    assert [finding.told for finding in failed if len(finding.told) > 900] == [], "a wall of text"


def test_an_empty_stub_is_not_attempted(exercise: str, chapter: Chapter) -> None:
    stub = defined(chapter.slug, f"def {exercise}(*arguments):\n    'Says what to do.'")
    for names in ({}, stub):
        assert check_candidate(exercise, names, VISIBLE_SEED, chapter).status == "not attempted"


def test_it_has_two_or_three_hints_and_none_is_the_solution(slug: str, exercise: str, chapter: Chapter) -> None:
    hints = chapter_exercises(chapter)[exercise].hints()
    assert 2 <= len(hints) <= 3
    own = solutions_of(slug)[exercise][0].source
    body = own.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
    lines = [line.strip() for line in body.splitlines() if len(line.strip()) > 20]
    assert not [line for line in lines for hint in hints if line in hint]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_misconception_has_a_sentence_and_a_section_to_reread(
    exercise: str, chapter: Chapter, catalog: Catalog, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = {
        heading
        for stem in catalog.notebooks(chapter.slug)
        for heading in headings_in(catalog.notebooks_folder(chapter.slug) / f"{stem}.ipynb")
    }
    codes = find_judge(chapter, exercise).misconceptions
    english = {code: misconception_text(chapter, code)[0] for code in codes}
    monkeypatch.setenv("COURSE_LANG", lang)
    for code in codes:
        says, section = misconception_text(chapter, code)
        assert re.fullmatch(r".+\.", says), code
        assert (says == english[code]) == (lang == "en"), code
        assert section in sections, code
