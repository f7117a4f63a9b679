"""What a learner reads in the report of a wrong solution: the cause, and not what merely follows from it."""

from __future__ import annotations

from functools import cache

import pytest

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


def test_a_model_that_is_not_compiled_is_told_so_once() -> None:
    (finding,) = failed("penalised_model", "not_compiled")
    assert "The model is not compiled. Call compile() before you return it." in finding.message
    assert verdict("penalised_model", "not_compiled").score == 0


def test_another_data_loss_is_told_as_that_and_costs_its_own_line() -> None:
    (finding,) = failed("penalised_model", "absolute_error")
    assert finding.label == "the loss is the mean squared error and the penalty"
    assert "with all weights and biases 0, where no penalty is paid" in finding.message
    assert finding.thought == "Which data loss was compiled?"
    assert "Which data loss was compiled?" in [each.thought for each in failed("penalised_model", "bernoulli_loss")]


def test_beside_another_data_loss_a_penalty_that_is_missing_keeps_its_name() -> None:
    findings = failed("penalised_model", "absolute_error_and_no_output")
    assert [finding.misconception for finding in findings] == ["output_forgotten", None]


def test_another_activation_costs_the_line_of_the_network_alone() -> None:
    for name in ("relu_on_the_output", "sigmoid", "no_activation"):
        (finding,) = failed("penalised_model", name)
        assert finding.thought == "Which activation does each layer have?", name


GRADED = range(2_000_001, 2_000_013)


@pytest.mark.parametrize("seed", [VISIBLE_SEED, *GRADED])
def test_the_lessons_recipe_with_the_twelve_largest_passes_as_the_prompt_says(seed: int) -> None:
    for name in ("lesson", "twelve_largest"):
        assert verdict("few_sensors", name, seed).status == "passed"


def test_what_grading_refuses_is_refused_visibly() -> None:
    """A limit alone leaves 13 sensors or more of some machines: with one strength, or with validation's."""
    lesson = next(each.source for each in solutions_of(SLUG)["few_sensors"] if each.name == "lesson")
    twelve = "    w = np.where(np.abs(w) >= np.sort(np.abs(w))[-12], w, 0)\n"
    assert twelve in lesson
    uncounted = defined(SLUG, lesson.replace(twelve, ""))
    chapter = load_catalog(ROOT).chapter(SLUG)
    for report in (
        check_candidate("few_sensors", uncounted, VISIBLE_SEED, chapter),
        verdict("few_sensors", "cut_at_a_limit_alone"),
    ):
        labels = [finding.label for finding in report.findings if not finding.passed]
        assert labels == ["noisy: so it does with at most 12 sensors"]


def test_units_and_the_forgotten_bias_are_named_and_the_section_is_told() -> None:
    for name in ("raw_without_penalty", "raw_by_validation", "divided_alone", "raw_all_cut"):
        for finding in failed("few_sensors", name):
            assert (finding.misconception, finding.reread) == ("not_standardised", "Inputs on one scale"), name
    for name in ("bias_not_converted", "bias_of_a_recipe"):
        for finding in failed("few_sensors", name):
            assert (finding.misconception, finding.reread) == ("bias_not_converted", "Inputs on one scale"), name


def test_a_strength_is_blamed_only_where_a_penalty_has_shrunk_the_weights() -> None:
    for name in ("first_twelve", "largest_raw_weights"):
        assert verdict("few_sensors", name).misconceptions == []
    assert verdict("few_sensors", "too_strong").misconceptions == ["too_strong"]


def test_cutting_is_spoken_of_only_where_there_is_something_to_cut() -> None:
    """Nor is a first thought about strengths where the inputs are to blame."""
    for name in ("too_strong", "first_twelve", "bias_not_converted"):
        for finding in failed("few_sensors", name):
            assert "so small" not in finding.told, name
    (lean,) = failed("few_sensors", "cut_at_a_limit_alone")
    assert "Which weights are so small" in lean.told
    assert "with `x_val` as it came?" in failed("few_sensors", "raw_without_penalty")[0].told
