"""The judges see any small change of a right solution: operators, constants, axes, conditions, arguments, statements.

A mutant that passes must stand in tests/chapters/<module>/equivalent.yml with the reason why it is right as well;
anything else is a hole in a judge.
"""

import yaml

from course.catalog import Chapter
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from tests.conftest import ROOT
from tests.contract.chapters import defined, solutions_of
from tests.contract.mutants import mutants


def equivalent(chapter: Chapter, exercise: str) -> dict[str, str]:
    """Mutants that are right as well, each with its reason."""
    path = ROOT / "tests" / "chapters" / chapter.module / "equivalent.yml"
    known = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return dict(known.get(exercise, {}))


def test_every_mutant_is_caught_or_known_to_be_right(chapter: Chapter, exercise: str) -> None:
    own = solutions_of(chapter.slug)[exercise][0].source
    made = list(mutants(own))
    passed = [
        title
        for title, source in made
        if check_candidate(exercise, defined(chapter.slug, source), VISIBLE_SEED, chapter).status == "passed"
    ]
    assert set(passed) == set(equivalent(chapter, exercise))
    assert len(made) > len(passed)
