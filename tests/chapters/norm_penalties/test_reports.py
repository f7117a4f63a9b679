"""What a learner reads in the report of a wrong solution: the cause, and not what merely follows from it."""

from __future__ import annotations

from functools import cache

from course.catalog import load_catalog
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.verdict import Finding, Verdict
from tests.conftest import ROOT
from tests.contract.chapters import defined, solutions_of

SLUG = "2-3-norm-penalties"


@cache
def verdict(exercise: str, name: str, seed: int = VISIBLE_SEED) -> Verdict:
    """Of a known solution by its name. Of a WRONG one and a VARIANT of it, of the WRONG one."""
    source = next(each.source for each in solutions_of(SLUG)[exercise] if each.name == name)
    return check_candidate(exercise, defined(SLUG, source), seed, load_catalog(ROOT).chapter(SLUG))


def failed(exercise: str, name: str) -> list[Finding]:
    return [finding for finding in verdict(exercise, name).findings if not finding.passed]


def test_swapped_strengths_are_seen_in_the_first_digits() -> None:
    (finding,) = failed("penalty", "l1_l2_swapped")
    assert finding.compared is not None
    came, expected = float(finding.compared.came[0]), float(finding.compared.expected[0])
    assert max(came, expected) > 1.5 * min(came, expected)


def test_left_out_arrays_are_asked_about() -> None:
    for name in ("first_array_only", "matrices_only"):
        (finding,) = failed("penalty", name)
        assert "Does every array count?" in finding.thought


def test_a_strength_that_is_not_refused_is_told_with_its_own_call_alone() -> None:
    (finding,) = failed("penalty", "accepts_negative_strengths")
    assert finding.message == (
        "Tried: 2 arrays and a negative strength.\npenalty(weights, -0.1, 0.0) should raise ValueError, "
        "but it returned."
    )


def test_a_list_instead_of_one_number_is_told_as_that() -> None:
    (finding,) = failed("penalty", "one_for_each_array")
    assert "the penalty should be one number, but has shape (3,)." in finding.message


def test_whoever_raises_always_has_refused_nothing() -> None:
    assert verdict("penalty", "raises_always").score == 0


def test_division_by_a_weight_of_0_is_shown_beside_that_weight() -> None:
    for exercise, name in (("penalised_step", "nan_at_zero"), ("soft_threshold", "divides_by_the_size")):
        finding = failed(exercise, name)[0]
        assert finding.compared is not None
        place = finding.compared.came.index("nan")
        row = finding.message.split("w = [")[1].split("]")[0].split(", ")
        assert row[place] == "0"


def test_half_the_threshold_has_its_name_and_its_section() -> None:
    (finding,) = failed("soft_threshold", "half_the_threshold")
    assert (finding.misconception, finding.reread) == ("half_the_threshold", "One weight")
