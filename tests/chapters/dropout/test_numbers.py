"""The numbers behind the lesson's later pictures, each by a second road: a formula, Keras, or brute force."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course import load_keras
from course.chapters.dropout import (
    bug_cards,
    ensemble,
    layer,
    lesson,
    placement,
    studies,
    summary_card,
    uncertainty,
    variants,
)
from tests.lesson_run import near

keras = load_keras()
RATES = st.integers(0, 18).map(lambda n: n / 20)


# --- one layer --------------------------------------------------------------------------------------------------------


@given(mean=st.floats(-3, 3), variance=st.floats(0, 4), rate=RATES)
def test_the_variance_formula_is_that_of_the_two_outcomes(mean, variance, rate):
    keep = 1 - rate
    second_moment = keep * (variance + mean**2) / keep**2
    assert layer.variance_after(mean, variance, rate) == pytest.approx(second_moment - mean**2, abs=1e-9)


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.8])
def test_a_layer_keeps_its_mean_and_gets_the_variance_of_the_formula(rate):
    _before, _var, mean, variance = layer.layer_moments(rate)
    assert mean == near(1.0, 0.06)
    assert variance == pytest.approx(layer.variance_after(1, 1, rate), rel=0.05)


def test_a_running_mean_continues_where_fewer_draws_ended():
    few, many = layer.running_mean(0.3, 3.0, 50), layer.running_mean(0.3, 3.0, 500)
    assert np.array_equal(few, many[:50])


def test_each_way_of_drawing_a_batch_does_what_it_is_called():
    own, shared, quota = (layer.batch_kept(way, 0.4) for way in layer.WAYS)
    assert len({tuple(row) for row in own}) == layer.BATCH
    assert (shared == shared[0]).all()
    assert set(quota.sum(axis=1)) == {layer.UNITS - round(0.4 * layer.UNITS)}
    with pytest.raises(ValueError, match="'none'"):
        layer.batch_kept("none", 0.4)


def test_the_batch_gradient_is_the_sum_over_samples_and_only_misses_units_dropped_everywhere():
    found = layer.batch_gradients(0.5, 3)
    assert np.array_equal(found.per_sample == 0, ~found.kept)
    assert np.array_equal(found.whole == 0, ~found.kept.any(axis=0))


# --- 256 thinned networks ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_all_masks_are_there_once_and_their_chances_add_up_to_one(rate):
    masks, chances = ensemble.all_masks(), ensemble.mask_chances(rate)
    assert {tuple(mask) for mask in masks} == set(itertools.product((0.0, 1.0), repeat=8))
    assert chances.sum() == near(1.0, 1e-12)
    assert chances @ masks == near(np.full(8, 1 - rate), 1e-12)


@pytest.mark.parametrize("rate", ensemble.RATES)
def test_before_a_softmax_the_geometric_mean_is_the_scaled_network_at_every_rate(rate):
    x = lesson.load_digits(0.0).x_test[:50]
    averages = lesson.ensemble_averages(lesson.load_small_nets()["one", rate], x, rate)
    assert averages.geometric == near(averages.scaled, 1e-9)
    assert abs(averages.arithmetic - averages.scaled).max() > 0.01
    for means in (averages.geometric, averages.arithmetic, averages.scaled):
        assert means.sum(axis=1) == near(np.ones(50), 1e-9)


def test_the_averages_are_those_of_one_mask_after_another():
    net, x, rate = lesson.load_small_nets()["two", 0.3], lesson.load_digits(0.0).x_test[:3], 0.3
    logs = np.zeros((3, 10))
    mean = np.zeros((3, 10))
    for mask in ensemble.all_masks():
        chance = 0.7 ** mask.sum() * 0.3 ** (8 - mask.sum())
        hidden = np.maximum(x @ net[0][0] + net[0][1], 0) * mask
        hidden = np.maximum(hidden @ net[1][0] + net[1][1], 0)
        said = lesson.softmax(hidden @ net[2][0] + net[2][1])
        logs += chance * np.log(said)
        mean += chance * said
    averages = lesson.ensemble_averages(net, x, rate)
    assert averages.arithmetic == near(mean, 1e-6)
    assert averages.geometric == near(lesson.softmax(logs), 1e-6)


@pytest.mark.parametrize(("depth", "rate"), [("one", 0.2), ("two", 0.5)])
def test_stored_small_networks_can_be_trained_again(depth, rate):
    digits = lesson.load_digits(0.0)
    made, stored = ensemble.train_small_net(depth, rate), lesson.load_small_nets()[depth, rate]
    assert [w.shape for w, _b in made] == [w.shape for w, _b in stored]
    scores = [
        (lesson.ensemble_averages(net, digits.x_test, rate).geometric.argmax(axis=1) == digits.y_test).mean()
        for net in (made, stored)
    ]
    assert scores[0] == near(scores[1], 0.04)


# --- Monte Carlo ------------------------------------------------------------------------------------------------------


def test_more_passes_begin_with_the_same_passes():
    net, known = lesson.knows_0_to_7(), lesson.seen_and_unseen()
    few, many = (uncertainty.passes_of(net, known.seen[0], n) for n in (5, 50))
    assert np.array_equal(few, many[:5])
    assert len({tuple(row) for row in many}) == 50
    assert many.sum(axis=1) == near(np.ones(50), 1e-6)


def test_without_dropout_every_pass_is_the_plain_prediction():
    net, known = lesson.knows_0_to_7(), lesson.seen_and_unseen()
    passes = lesson.mc_passes(net, known.seen[:4], 3, rate=0.0)
    assert passes.std(axis=0).max() < 1e-7
    assert passes[0] == near(lesson.plain(net, known.seen[:4]), 1e-5)


def test_unseen_classes_are_eights_and_nines_which_the_network_has_no_class_for():
    known = lesson.seen_and_unseen()
    assert set(known.unseen_labels) == {8, 9}
    assert set(known.seen_labels) == set(range(8))
    assert lesson.plain(lesson.knows_0_to_7(), known.unseen).shape == (len(known.unseen), 8)


# --- relatives, compared with Keras -----------------------------------------------------------------------------------

KERAS = {
    "standard": keras.layers.Dropout,
    "spatial": keras.layers.SpatialDropout1D,
    "gaussian": keras.layers.GaussianDropout,
    "alpha": keras.layers.AlphaDropout,
}


@pytest.mark.parametrize("variant", variants.VARIANTS)
@pytest.mark.parametrize("rate", [0.2, 0.5])
def test_a_relative_does_what_its_keras_layer_does(variant, rate):
    values = np.random.default_rng(0).normal(size=(2000, 12, 10))
    keras.utils.set_random_seed(1)
    theirs = np.array(KERAS[variant](rate)(values, training=True))
    ours = np.stack([variants.applied(variant, rows, rate, n) for n, rows in enumerate(values)])
    assert ours.mean() == near(theirs.mean(), 0.02)
    assert ours.var() == pytest.approx(theirs.var(), rel=0.08)
    assert (ours == 0).mean() == near((theirs == 0).mean(), 0.04)
    assert (ours == 0).all(axis=1).mean() == near((theirs == 0).all(axis=1).mean(), 0.04)
    if variant == "alpha":
        alike = [np.unique(out.round(4), return_counts=True)[1].max() for out in (ours, theirs)]
        assert alike[0] == pytest.approx(alike[1], rel=0.05)


def test_an_unknown_relative_is_refused_by_name():
    with pytest.raises(ValueError, match="'beta'"):
        variants.applied("beta", variants.feature_map(), 0.3)


# --- placement --------------------------------------------------------------------------------------------------------

D, N, R, X, O = placement.DENSE, placement.NORM, placement.RELU, placement.DROPOUT, placement.OUTPUT  # noqa: E741


@pytest.mark.parametrize(
    ("chain", "verdicts", "words"),
    [
        ([D, N, R, X, O], {"good"}, "No known problem"),
        ([D, R, N, X, O], {"good"}, "No known problem"),
        ([D, R, X, D, R, X, O], {"good"}, "No known problem"),
        ([D, N, R, X, D, N, R, X, O], {"mind"}, "Keep only a dropout after the last BatchNorm"),
        ([D, N, R, D, N, R, X, O], {"good"}, "No known problem"),
        ([D, R, O, X], {"wrong"}, "no longer add up to 1"),
        ([D, X, N, R, O], {"mind"}, "Li et al. 2018"),
        ([D, X, R, O], {"good"}, "Dropout before ReLU"),
        ([X, D, R, X, O], {"good"}, "Dropout on the inputs"),
        ([D, R, X, X, O], {"mind"}, "Two dropouts in a row"),
        ([D, D, R, X, O], {"mind"}, "do the work of one"),
        ([D, R, O], {"good"}, "No known problem"),
        ([X, O], {"good", "mind"}, "the network is linear"),
    ],
)
def test_advice_on_an_order(chain, verdicts, words):
    advice = placement.advise(chain)
    assert {item.verdict for item in advice} == verdicts
    assert any(words in item.text for item in advice)


@given(st.lists(st.sampled_from(placement.STEPS), max_size=5), st.booleans())
def test_every_order_gets_advice_about_places_that_it_has(steps, dropout_after):
    chain = [*steps, O, *([X] if dropout_after else [])]
    advice = placement.advise(chain)
    assert advice
    assert all(-1 <= item.place < len(chain) for item in advice)
    assert any(item.verdict == "wrong" for item in advice) == dropout_after


def test_an_unknown_step_is_refused_by_name():
    with pytest.raises(ValueError, match="'Pooling'"):
        placement.advise(["Pooling", O])


def test_two_blocks_hold_the_dropouts_that_were_asked_for():
    block = placement.BLOCKS[0]
    found = {where: placement.two_blocks(block, where) for where in placement.PLACES}
    assert found["both"] == (D, N, R, X, D, N, R, X, O)
    assert found["last"] == (D, N, R, D, N, R, X, O)
    assert found["none"] == (D, N, R, D, N, R, O)
    assert found["output"] == (D, N, R, D, N, R, O, X)


@pytest.mark.parametrize("block", placement.BLOCKS)
def test_without_dropout_every_batchnorm_has_a_spread_of_one(block):
    assert all(spread == near(1.0, 1e-9) for spread in placement.norm_spreads((*block, O), 0.0).values())


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_the_variance_shift_is_the_formulas(rate):
    mean, variance = 1 / np.sqrt(2 * np.pi), 0.5 - 1 / (2 * np.pi)  # of ReLU(standard normal)
    found = placement.variance_shift(rate, dropout_first=True)
    assert found.trained == pytest.approx(layer.variance_after(mean, variance, rate), rel=0.03)
    assert found.met == pytest.approx(variance, rel=0.02)
    assert placement.variance_shift(rate, dropout_first=False).spread == 1.0


# --- stored studies, partners -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rate", "seed"), [(0.2, 1), (0.7, 3)])
def test_stored_rule_scores_can_be_made_again(rate, seed):
    stored = studies.load_studies().rules.at(rate=rate, seed=seed)
    assert studies.measure_rules(rate, seed) == near(stored.values, 0.03)


@pytest.mark.parametrize(("rate", "labels"), [(0.0, "noisy"), (0.6, "right")])
def test_stored_curves_can_be_made_again(rate, labels):
    stored, made = studies.load_studies().curve(rate, labels), studies.measure_curves(rate, labels)
    for name, curve in zip(studies.MEASURES, made, strict=True):
        assert curve[[9, 39]] == near(stored[name][[9, 39]], 0.05)


@pytest.mark.parametrize(
    ("name", "strength", "seed"), [("L2", 2, 0), ("dropout, inputs too", 1, 2), ("max-norm", 1, 1)]
)
def test_stored_partners_can_be_made_again(name, strength, seed):
    stored = studies.load_studies().partners.at(partner=name, strength=strength, seed=seed)
    assert studies.measure_partner(studies.PARTNERS[name][strength], seed) == near(stored.values, 0.035)


def test_the_stored_studies_have_the_axes_that_the_script_would_write():
    stored = studies.load_studies()
    wanted = {"rules": studies.RULE_AXES, "curves": studies.CURVE_AXES, "partners": studies.PARTNER_AXES}
    for name, axes in wanted.items():
        found = getattr(stored, name).axes
        assert {axis: places.tolist() for axis, places in found.items()} == {
            axis: places.tolist() for axis, places in axes.items()
        }


def test_a_rate_that_was_not_studied_is_refused_with_its_value():
    with pytest.raises(ValueError, match=re.escape("and was 0.33")):
        studies.load_studies().curve(0.33, "noisy")


# --- the card, and what the bug cards claim ---------------------------------------------------------------------------


def test_the_card_is_saved_beside_the_notebook_and_again_without_leftovers(tmp_path):
    for _time in range(2):
        lesson.keep_card(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [summary_card.CARD_FILE] == ["dropout-card.png"]
    assert (tmp_path / "dropout-card.png").read_bytes().startswith(b"\x89PNG")


def test_the_card_tells_the_chapters_claims():
    words = " ".join(" ".join(text.get_text() for text in summary_card.summary_card().figure.texts).split())
    for phrase in (
        "1/(1",
        "model(x, training=True)",
        "Built with training=True",
        "Choose it on validation data",
        "Never after the output",
        "depends less on any one neuron",
        "Srivastava et al. 2014",
    ):
        assert phrase in words


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_card_can_be_read_in_a_window_of_1000_pixels_and_its_lines_begin_with_a_capital(lang, monkeypatch):
    monkeypatch.setenv("COURSE_LANG", lang)
    card = summary_card.summary_card()
    (chart,) = card.figure.axes
    labels = [*chart.get_xticklabels(), *chart.get_yticklabels(), *chart.get_legend().get_texts()]
    named = [chart.xaxis.label, chart.yaxis.label, chart.title]
    sizes = [text.get_fontsize() for text in [*card.figure.texts, *labels, *named]]
    shown = 700 / (card.figure.get_figwidth() * 72)  # pixels for a point, where the notebook leaves 700 for a picture
    assert min(sizes) * shown >= 11
    advice = [text.get_text() for text in card.figure.texts if text.get_text().startswith("• ")]
    assert len(advice) == 14
    assert all(line[2].isupper() or line[2:].startswith("trainable") for line in advice)
    card.png()
    edge = chart.title.get_window_extent().x1, max(text.get_window_extent().x1 for text in card.figure.texts)
    assert max(edge) <= card.figure.bbox.x1


def test_the_cards_have_the_same_shape_in_both_languages(monkeypatch):
    decks = {}
    for lang in ("en", "es"):
        monkeypatch.setenv("COURSE_LANG", lang)
        decks[lang] = bug_cards.bug_cards()
    assert len(decks["en"]) == len(decks["es"]) == 8
    for english, spanish in zip(decks["en"], decks["es"], strict=True):
        assert (english.code, english.place, len(english.wrong)) == (spanish.code, spanish.place, len(spanish.wrong))
        for one, other in zip(english.guesses, spanish.guesses, strict=True):
            assert one.text != other.text
            assert one.reply != other.reply


def test_the_numpy_snippets_on_the_cards_are_as_wrong_as_the_replies_say():
    rng, rate, x = np.random.default_rng(0), 0.2, np.ones((500, 400))
    scope = {"rng": rng, "rate": rate, "x": x}
    codes = {card.code.split("\n")[0]: card.code for card in bug_cards.bug_cards()}
    exec(codes["keep = 1 - rate"], scope)
    assert scope["out"].mean() == near(0.25, 0.01)
    exec(codes["mask = (rng.random(x.shape[1]) >= rate) / (1 - rate)"], scope)
    assert (scope["out"] == scope["out"][0]).all()


def test_dropout_after_a_softmax_spoils_the_sum_as_its_card_says():
    keras.utils.set_random_seed(0)
    tail = keras.Sequential([keras.Input((10,)), keras.layers.Softmax(), keras.layers.Dropout(0.5)])
    sums = np.array(tail(np.random.default_rng(0).normal(size=(20, 10)), training=True)).sum(axis=1)
    assert (abs(sums - 1) > 0.05).sum() > 10
