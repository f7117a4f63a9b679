"""Every number that the lesson's prose states: compared with what its cells print, or with the stored runs."""

from __future__ import annotations

import re

import numpy as np
import pytest

from course.chapters.bias_variance.hospital_figures import hospitals_after
from course.chapters.bias_variance.made_rule import GRID, NOISE, draw_sets
from course.chapters.bias_variance.network_figures import lever_picture, networks_picture
from course.chapters.bias_variance.street import DISTRICTS, MOOD, exact_parts, map_of, poll
from course.chapters.bias_variance.street_figures import street_picture
from course.chapters.bias_variance.studies import KERAS_SETS, LENGTH, SETS, STEPS, WIDTH, keras_network, load_studies
from course.keras_loading import load_keras
from course.lessons.arrays import Floats
from course.lessons.side_by_side import predictions_of, train_side_by_side
from course.lessons.studies import Study
from tests.lesson_run import LessonRun

STUDIES = load_studies()


def mean_of(study: Study, part: str, **place: float) -> float:
    return float(study.at(part=part, **place).values.mean())


def sums_of(study: Study, **place: float) -> Floats:
    """The sum of both parts in each repeat."""
    return study.at(part="bias2", **place).values + study.at(part="variance", **place).values


def start_and_rows(width: int, steps: int) -> tuple[float, float]:
    """What starting weights and rows add to the variance, from 20 starts on each of 20 training sets."""
    x, y = (np.repeat(each, 20, axis=0) for each in draw_sets(20))
    (layers,) = train_side_by_side(x, y, width, [steps]).values()
    predictions = predictions_of(layers, GRID).reshape(20, 20, -1)
    start = float(predictions.var(axis=1, ddof=1).mean())
    return start, float(predictions.mean(axis=1).var(axis=0, ddof=1).mean()) - start / 20


# --- two hospitals ----------------------------------------------------------------------------------------------------


def test_the_two_hospitals_are_as_far_apart_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("benefit-intro", "300 of them at random into two groups of 150", "the same 142 test patients")
    lesson_run.states("benefit-seen", "the two networks lie 47 points apart", "After 10 epochs they lie only 29 points")
    lesson_run.states("benefit-intro", "an *error* is the mean absolute error, in points")
    lesson_run.states("benefit-seen", "the error of one network is 48 points instead of 54")
    lesson_run.states("benefit-seen", "the error of the average is 48 points, like that of one network after 10")
    late, early = hospitals_after(STUDIES, 40), hospitals_after(STUDIES, 10)
    means = [round(float(v.mean())) for v in (late.apart, early.apart, late.error, early.error, late.error_of_average)]
    assert means == [47, 29, 54, 48, 48]
    assert (early.apart < late.apart).all()
    assert (early.error < late.error).all()
    assert (late.error_of_average < late.error).all()
    printed = lesson_run.printed("benefit-table")
    assert [int(n) for n in re.findall(r"(\d+) ±", printed)] == [47, 54, 48, 29, 48, 45]


def test_the_hospitals_figure_tells_that_it_shows_one_seed(lesson_run: LessonRun) -> None:
    lesson_run.states("benefit-seen", "(the figure shows one)")
    assert "test patients of seed 0" in lesson_run.printed("benefit")


# --- taking the error apart -------------------------------------------------------------------------------------------


def test_the_parts_add_up_to_the_error_and_noise_comes_on_top(lesson_run: LessonRun) -> None:
    lesson_run.states("what-intro", "noise of standard deviation 0.6", "40 training sets of 30 rows")
    lesson_run.states("what-seen", "Bias² is 0.043 and variance 0.138", "error against the rule, 0.181, exactly")
    lesson_run.states("what-seen", "0.6² = 0.36", "error is 0.537, nearly the sum and 0.36")
    bias2, variance, total, error = lesson_run.numbers("what-parts")
    assert (bias2, variance, total) == pytest.approx((0.043, 0.138, 0.181), abs=0.004)
    assert error == total
    on_new, expected = (float(n) for n in re.findall(r"0\.\d{3}", lesson_run.printed("what-noise")))
    assert on_new == pytest.approx(0.537, abs=0.004)
    assert on_new == pytest.approx(expected, abs=0.01)
    assert round(NOISE**2, 2) == 0.36


def test_twelve_networks_are_drawn_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("networks-seen", "(bias² 0.03)", "(variance 0.10)", "(0.03), but the variance is 0.36")
    lesson_run.states("what-seen", "twelve new networks")
    lesson_run.states("networks-seen", "300 steps: the average comes closest to the rule (bias² 0.01)")
    lesson_run.states("networks-seen", "bias² is 0.19, larger than the variance")
    captions = {(w, s): networks_picture(w, s).caption for w in (2, 64) for s in STEPS.tolist()}
    assert "bias² is 0.03 and variance 0.10" in captions[64, 100]
    assert "bias² is 0.03 and variance 0.36" in captions[64, 3000]
    assert "bias² is 0.19 and variance 0.14" in captions[2, 1000]
    bias2 = {s: float(re.findall(r"bias² is (\S+) and", captions[64, s])[0]) for s in STEPS.tolist()}
    assert min(bias2, key=lambda steps: bias2[steps]) == 300
    assert bias2[300] == 0.01


# --- the pollster's map -----------------------------------------------------------------------------------------------


def test_the_maps_parts_are_those_of_the_text(lesson_run: LessonRun) -> None:
    lesson_run.states("analogy-seen", "districts of 6, bias² is 0.10 and variance 0.17", "which is 1")
    lesson_run.states("analogy-seen", "No other size on the slider has a lower sum")
    lesson_run.states("analogy-seen", "In a map, larger districts always lower variance")
    variances = [exact_parts(size)[1] for size in DISTRICTS]
    assert variances == sorted(variances, reverse=True)
    lesson_run.states("analogy-seen", "bias² is 0 and variance 1", "variance is 0.02 and bias² 2.00")
    assert "bias² is 0.10 and variance 0.17; their sum is 0.27" in street_picture(6, 1).caption
    assert exact_parts(1) == (0.0, 1.0)
    assert [round(part, 2) for part in exact_parts(60)] == [2.0, 0.02]
    assert min(DISTRICTS, key=lambda size: sum(exact_parts(size))) == 6


def test_the_training_error_is_neither_bias_nor_the_error_on_new_answers(lesson_run: LessonRun) -> None:
    lesson_run.states("analogy-seen", "For districts of 6 it is 0.93 on average, far from bias², 0.10")
    lesson_run.states("analogy-seen", "For districts of 1 it is 0, and yet the error on new answers is 2")
    lesson_run.states("limits", "Districts of 6 had a training error of 0.93 and a bias² of 0.10")
    polls = [poll(number) for number in range(4000)]
    assert np.mean([(map_of(each, 6) - each) ** 2 for each in polls]) == pytest.approx(0.933, abs=0.005)
    assert round(exact_parts(6)[0] + 5 / 6, 2) == 0.93  # most of it is noise
    answers, new = poll(1), np.array([poll(number) for number in range(2, 1002)])
    assert np.array_equal(map_of(answers, 1), answers)
    maps = np.array([map_of(poll(number), 1) for number in range(2000, 3000)])
    assert ((maps - new) ** 2).mean() == pytest.approx(2.0, abs=0.05)
    assert MOOD == 1.0


def test_networks_on_the_very_same_rows_differ_as_well(lesson_run: LessonRun) -> None:
    lesson_run.states("analogy-seen", "Networks on the very same rows differ as well")
    x, y = (np.repeat(each, 5, axis=0) for each in draw_sets(1))
    (layers,) = train_side_by_side(x, y, 64, [100]).values()
    assert predictions_of(layers, GRID).var(axis=0).mean() > 0.005


# --- three levers -----------------------------------------------------------------------------------------------------


def test_steps_trade_one_part_for_the_other(lesson_run: LessonRun) -> None:
    lesson_run.states("impact-intro", "the mean of five repeats with 40 networks each")
    lesson_run.states("impact-seen", "lower bias² from 0.12 to 0.02", "lowest at 30 steps (0.16)", "at 100 (0.17)")
    lesson_run.states("impact-seen", "beyond 30 steps variance grows with every bar", "At 3,000 steps variance is 0.58")
    assert SETS == 40
    caption = lever_picture("steps").caption
    assert "Bias² and variance are 0.12 and 0.17 at 10; 0.07 and 0.09 at 30; 0.04 and 0.13 at 100;" in caption
    assert "0.02 and 0.58 at 3,000 steps. Their sum is lowest at 30 (0.16)" in caption
    bias2 = [mean_of(STUDIES.steps, "bias2", steps=steps) for steps in STEPS.tolist()]
    assert bias2[1] < bias2[0]
    variance = [mean_of(STUDIES.steps, "variance", steps=steps) for steps in STEPS.tolist()]
    assert variance[1:] == sorted(variance[1:])
    assert variance[0] > variance[1]
    assert round(variance[-1], 2) == 0.58
    assert np.ptp(sums_of(STUDIES.steps, steps=3000)) > 0.3
    at_30, at_100 = (sums_of(STUDIES.steps, steps=steps) for steps in (30, 100))
    assert round(float(at_100.mean()), 2) == 0.17
    assert abs(at_30.mean() - at_100.mean()) < at_30.std(ddof=1) + at_100.std(ddof=1)


def test_after_10_steps_the_scatter_comes_from_the_starting_weights(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "impact-seen",
        "most of the variance still comes from the starting weights, as the optional notebook measures",
    )
    start, rows = start_and_rows(64, 10)
    assert start > 2 * rows


def test_more_rows_lower_both_parts(lesson_run: LessonRun) -> None:
    lesson_run.states("impact-seen", "from 30 to 240, lower variance from 0.23 to 0.03, and bias² falls too")
    caption = lever_picture("rows").caption
    assert "0.02 and 0.23 at 30; " in caption
    assert "0.00 and 0.03 at 240 rows." in caption
    lesson_run.states("summary", "more rows lower variance, and in our runs bias² too")
    assert mean_of(STUDIES.rows, "bias2", rows=240) < mean_of(STUDIES.rows, "bias2", rows=30) / 2


def test_width_is_no_simple_lever(lesson_run: LessonRun) -> None:
    lesson_run.states("impact-seen", "falls from 0.37 at 1 neuron to 0.02 at 64", "the sum is lowest at 8")
    lesson_run.states("limits", "from 64 to 8 neurons variance fell (0.23 to 0.12), but with 2 it was 0.18")
    assert "0.19 and 0.18 at 2; " in lever_picture("width").caption
    widths = STUDIES.widths
    bias2 = {width: mean_of(widths, "bias2", width=width) for width in (1, 64)}
    variance = {width: mean_of(widths, "variance", width=width) for width in (2, 8, 64, 256)}
    assert [round(bias2[width], 2) for width in (1, 64)] == [0.37, 0.02]
    assert [round(variance[width], 2) for width in (2, 8, 64)] == [0.18, 0.12, 0.23]
    assert variance[256] < variance[64]
    assert "lowest at 8" in lever_picture("width").caption


def test_with_two_neurons_most_of_the_variance_comes_from_the_starting_weights(lesson_run: LessonRun) -> None:
    lesson_run.states("limits", "with 2 it was 0.18, most of it from the starting weights")
    start, rows = start_and_rows(2, LENGTH)
    assert start > 3 * rows
    start, rows = start_and_rows(8, LENGTH)
    assert rows > start


def test_the_least_bias_is_not_the_least_error(lesson_run: LessonRun) -> None:
    lesson_run.states("limits", "After 300 steps bias² was 0.02 and the sum 0.25; after 30 steps 0.07 and 0.16")
    bias2 = {steps: mean_of(STUDIES.steps, "bias2", steps=steps) for steps in STEPS.tolist()}
    assert min(bias2, key=lambda steps: bias2[steps]) == 300
    sums = {steps: float(sums_of(STUDIES.steps, steps=steps).mean()) for steps in (30, 300)}
    told = [round(each[steps], 2) for steps in (300, 30) for each in (bias2, sums)]
    assert told == [0.02, 0.25, 0.07, 0.16]
    assert (sums_of(STUDIES.steps, steps=300) > sums_of(STUDIES.steps, steps=30)).all()


# --- Keras ------------------------------------------------------------------------------------------------------------


def test_in_keras_bias_falls_and_variance_rises(lesson_run: LessonRun) -> None:
    rows = [[float(n) for n in line.split()] for line in lesson_run.printed("keras-parts").splitlines()[1:]]
    short, middle, long = (dict(zip(("rounds", "bias2", "variance", "sum", "training"), r, strict=True)) for r in rows)
    lesson_run.states(
        "keras-seen", "After 10 rounds most of the error is bias², after 300 rounds most of it is variance"
    )
    assert short["bias2"] > short["variance"]
    assert long["variance"] > long["bias2"]
    assert short["training"] > middle["training"] > long["training"]


def test_the_table_of_five_repeats_is_what_was_measured(lesson_run: LessonRun) -> None:
    told = re.findall(r"\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|", lesson_run.prose("keras-seen"))
    found = []
    for rounds in (10, 50, 300):
        bias2, variance = (STUDIES.keras.at(rounds=rounds, measure=part).values for part in ("bias2", "variance"))
        spreads = [f"{v.mean():.2f} ± {v.std(ddof=1):.2f}" for v in (bias2, variance, bias2 + variance)]
        found.append((str(rounds), *spreads))
    assert told == found
    short, long = (
        STUDIES.keras.at(rounds=rounds, measure="bias2").values
        + STUDIES.keras.at(rounds=rounds, measure="variance").values
        for rounds in (10, 300)
    )
    assert abs(short.mean() - long.mean()) < max(short.std(ddof=1), long.std(ddof=1))


def test_the_training_error_does_not_tell_where_the_sum_is_lowest(lesson_run: LessonRun) -> None:
    lesson_run.states("keras-seen", "training error falls all the way", "here the sum is lowest at 50")
    rows = [[float(n) for n in line.split()] for line in lesson_run.printed("keras-parts").splitlines()[1:]]
    sums, errors = {row[0]: row[3] for row in rows}, {row[0]: row[4] for row in rows}
    assert min(sums, key=lambda rounds: sums[rounds]) == 50
    assert min(errors, key=lambda rounds: errors[rounds]) == 300


def test_keras_differs_from_the_figure_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("keras-seen", "batches of 10 instead of all 30 rows, and smaller starting weights")
    lesson_run.states("keras-seen", "bias² comes out up to 0.02 too large")
    keras = load_keras()
    keras.utils.set_random_seed(0)
    model = keras_network(keras)
    (layers,) = train_side_by_side(*draw_sets(1), WIDTH, [1]).values()
    for layer, (weights, _biases) in zip(model.layers, layers, strict=True):
        assert np.std(layer.get_weights()[0]) < 0.9 * np.std(weights)
    variance = STUDIES.keras.at(measure="variance").mean("repeat").values
    assert 0.01 < variance[0] / (KERAS_SETS - 1) < variance[-1] / (KERAS_SETS - 1) < 0.03


# --- the quiz ---------------------------------------------------------------------------------------------------------


def test_the_quiz_states_what_was_measured() -> None:
    assert [round(part, 2) for part in exact_parts(6)] == [0.10, 0.17]
    assert round(sum(exact_parts(6)), 2) == 0.27
    assert [round(part, 2) for part in exact_parts(20)] == [1.06, 0.05]
    steps = [mean_of(STUDIES.steps, "variance", steps=steps) for steps in (30, 3000)]
    assert [round(variance, 2) for variance in steps] == [0.09, 0.58]
