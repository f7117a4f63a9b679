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

SLUG = "2-5-batch-normalization"


@cache
def verdict(exercise: str, name: str) -> Verdict:
    """Of a known solution by its name. Of a WRONG one and a VARIANT of it, of the WRONG one."""
    source = next(each.source for each in solutions_of(SLUG)[exercise] if each.name == name)
    return check_candidate(exercise, defined(SLUG, source), VISIBLE_SEED, load_catalog(ROOT).chapter(SLUG))


def failed(exercise: str, name: str) -> list[Finding]:
    return [finding for finding in verdict(exercise, name).findings if not finding.passed]


def test_a_mistake_in_the_output_costs_its_own_line_alone() -> None:
    for name in ("eps_on_std", "no_eps", "by_variance", "no_gamma_beta", "beta_first"):
        (finding,) = failed("bn_train", name)
        assert finding.label == "the output is normalised, then scaled by gamma and moved by beta", name
        assert finding.reread == "What batch normalization does", name


def test_a_single_row_is_a_batch() -> None:
    (finding,) = failed("bn_train", "refuses_a_single_row")
    assert "z of shape (1, 3)" in finding.message
    assert "ValueError" in finding.message


def test_arguments_that_are_no_batch_are_told_one_by_one() -> None:
    (finding,) = failed("bn_train", "accepts_anything")
    assert finding.label == "what is no batch of rows is refused with ValueError"
    (finding,) = failed("bn_train", "asserts")
    assert "but it raised AssertionError" in finding.message


def test_a_kept_axis_is_told_by_its_shape() -> None:
    assert {
        "mean should have shape (4,), but has shape (1, 4)." in f.told or "(4,), but has (1, 4)" in f.told
        for f in failed("bn_train", "kept_axes")
    } == {True}


def test_old_average_and_batch_are_shown_beside_what_came() -> None:
    finding = failed("bn_moving", "swapped")[0]
    assert "Before, moving_mean was" in finding.message
    assert "the mean of the batch is" in finding.message
    assert finding.compared is not None


def test_writing_into_arguments_costs_one_line_and_has_a_name() -> None:
    (finding,) = failed("bn_moving", "in_place")
    assert (finding.misconception, finding.reread) == ("in_place", "Moving averages lag")


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("froze_all", ["the Dense layers go on learning"]),
        ("gamma_only", ["the moving averages stay as they are", "even in training, the moving averages are used"]),
        ("momentum_one", ["gamma and beta stay as they are", "even in training, the moving averages are used"]),
    ],
)
def test_each_way_to_freeze_too_little_or_too_much_fails_where_it_should(name: str, labels: list[str]) -> None:
    found = failed("freeze_bn", name)
    assert [finding.label for finding in found] == labels
    assert {finding.reread for finding in found} == {"Frozen layers"}


def test_a_model_inside_is_told_as_the_place_that_was_missed() -> None:
    assert all("in a model inside it" in f.told for f in failed("freeze_bn", "missed_nested") if "moved" in f.told)
    assert "Tried: a model with a model in it." in failed("freeze_bn", "missed_nested")[0].message


def test_another_model_or_none_is_told_as_that() -> None:
    for name, came in (("another_model", "Sequential"), ("returns_nothing", "None (is the `return` missing?)")):
        (finding,) = failed("freeze_bn", name)
        assert f"Expected the same model that was given, but got {came}." in finding.message


def test_a_folded_bias_fails_alone() -> None:
    for name in ("sign", "mean_unscaled"):
        (finding,) = failed("fold", name)
        assert finding.label == "the bias is what is left without an input"


def test_both_accuracies_are_told_where_averages_are_stale() -> None:
    (finding,) = failed("deep_model", "stale_averages")
    assert finding.reread == "Moving averages lag"
    assert "With the statistics of the batch it would be right on 9" in finding.told
    assert "how many steps have they had?" in finding.told


def test_a_fit_that_stops_is_told_in_a_line() -> None:
    for name in ("one_hot_loss", "class_short"):
        (finding,) = failed("deep_model", name)
        assert "`model.fit` stopped with" in finding.message
        assert "Is the loss the right one" in finding.message
        assert len(finding.message) < 450


def test_other_layers_than_asked_for_are_listed() -> None:
    (finding,) = failed("deep_model", "two_layers")
    assert "Its hidden activations are: sigmoid, sigmoid." in finding.told
    assert verdict("deep_model", "not_compiled").score == 0
