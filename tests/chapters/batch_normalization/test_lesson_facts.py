"""Every number that the lesson's prose states: compared with what its cells print, or with the stored runs."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from course.chapters.batch_normalization.modes_figure import accuracies, modes_picture, share_left, too_large
from course.chapters.batch_normalization.rate_figure import RATES, by_rate, rates_picture
from course.chapters.batch_normalization.scores_figure import scores_picture
from course.chapters.batch_normalization.studies import LAYERS, load_studies
from course.chapters.batch_normalization.worth import Worth, on_digits, on_patients, on_rates
from course.lessons.arrays import Floats
from tests.lesson_run import LessonRun

STUDIES = load_studies()


def at_rate(network: str, norm: str, rate: float) -> Floats:
    """Validation accuracies of the five seeds, in per cent."""
    return 100 * by_rate(network, norm)[RATES.index(rate)]


def test_nothing_fails(lesson_run: LessonRun) -> None:
    assert lesson_run.outputs("error") == {}


# --- eight layers -----------------------------------------------------------------------------------------------------


def test_eight_relu_layers_need_batch_normalization(lesson_run: LessonRun) -> None:
    lesson_run.states("rates-seen", "49 % of the validation digits are right on average", "between 23 % and 64 %")
    lesson_run.states("rates-seen", "With it, 90 % are right", "all rates from 0.1 to 1 lead to 90 % or more")
    lesson_run.states("rates-seen", "No other rate does better for the plain network")
    plain, normalised = at_rate("8 relu", "none", 0.1), at_rate("8 relu", "batch", 0.1)
    assert (round(plain.mean()), round(plain.min()), round(plain.max())) == (49, 23, 64)
    assert round(normalised.mean()) == 90
    assert all(at_rate("8 relu", "batch", rate).mean() >= 90 for rate in (0.1, 0.3, 1.0))
    assert max(RATES, key=lambda rate: at_rate("8 relu", "none", rate).mean()) == 0.1
    assert "the mean is 49.2% without batch normalization (23.2% to 63.6%)" in rates_picture("8 relu", 0.1).caption


def test_the_other_networks_are_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("rates-seen", "without batch normalization the network learns nothing at any rate")
    lesson_run.states("rates-seen", "up to 93 % at a rate of 0.3", "the best is 97 % at 1")
    assert all(at_rate("8 sigmoid", "none", rate).mean() < 15 for rate in RATES)
    plain = [at_rate("2 relu", "none", rate).mean() for rate in RATES]
    normalised = [at_rate("2 relu", "batch", rate).mean() for rate in RATES]
    assert (RATES[int(np.argmax(plain))], round(max(plain))) == (0.3, 93)
    assert (RATES[int(np.argmax(normalised))], round(max(normalised))) == (1.0, 97)


# --- what it does -----------------------------------------------------------------------------------------------------


def test_the_four_lines_give_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "what-seen", "Both columns now have mean 0 and a spread of 1", "1, 2, 3 without it would give ±1.2247"
    )
    rows = [[float(n) for n in row] for row in re.findall(r"(-?\d\.\d*) +(-?\d\.\d*)", lesson_run.printed("what"))]
    assert [row[0] for row in rows] == [-1.2238, 0, 1.2238]
    assert np.mean(rows, axis=0) == pytest.approx(0, abs=1e-3)
    assert np.std(rows, axis=0) == pytest.approx(1, abs=1e-3)
    assert np.sqrt(1.5) == pytest.approx(1.2247, abs=5e-5)


def test_a_shift_of_all_values_changes_nothing(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "what-seen", "If all values of a neuron are larger by 100, so is the mean, and the output is the same"
    )
    found = []
    for shift in ("", "z = z + 100\n"):
        defined: dict[str, Any] = {"np": np}
        exec(lesson_run.prose("what").replace("mean =", shift + "mean =", 1), defined)
        found.append(defined["out"])
    assert found[1] == pytest.approx(found[0])


def test_the_figure_of_scores_shows_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "scores-seen",
        "project 1 lies 1.22 spreads below the mean",
        "only 0.83 <!-- tested --> spreads below",
        "−1.22 again",
    )
    assert "Project 1 is -1.22 spreads" in scores_picture(3, "batch").caption
    assert "Project 1 is -0.83 spreads" in scores_picture(10, "batch").caption
    assert "Project 1 is -1.22 spreads" in scores_picture(10, "register").caption


# --- impact -----------------------------------------------------------------------------------------------------------


def means(found: Worth) -> list[float]:
    return [round(float(values.mean()), 1) for values in (found.without, found.normalised)]


def test_deep_networks_gain_most(lesson_run: LessonRun) -> None:
    lesson_run.states("worth-seen", "accuracy rises from 49.2 % to 95.3 %", "then the gain is 2 points", "it is 1 to 2")
    rates = STUDIES.rates
    deep, two = on_rates(rates.at(network="8 relu")), on_rates(rates.at(network="2 relu"))
    adam, wide = on_rates(STUDIES.adam), on_digits(STUDIES, 0.0)
    assert means(deep) == [49.2, 95.3]
    assert (adam.normalised > adam.without).all()
    assert round(float((adam.normalised - adam.without).mean())) == 2
    gains = [float((each.normalised - each.without).mean()) for each in (two, wide)]
    assert [round(gain) for gain in sorted(gains)] == [1, 2]
    shown = lesson_run.numbers("worth")
    assert shown[::2] == [value for each in (deep, adam, two, wide) for value in means(each)] + [75.7, 78.7, 54.2, 55.2]


def test_it_is_no_remedy_for_overfitting(lesson_run: LessonRun) -> None:
    lesson_run.states("worth-seen", "from 75.7 % to 78.7 %, where Dropout reached 90.1 %")
    lesson_run.states("worth-seen", "on the patients nothing is gained (54.2 and 55.2 points)")
    assert means(on_digits(STUDIES, 0.3)) == [75.7, 78.7]
    patients = on_patients(STUDIES)
    assert means(patients) == [54.2, 55.2]
    assert abs(patients.normalised.mean() - patients.without.mean()) < patients.without.std(ddof=1)


def test_small_batches_cost_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "when-not", "batches of two rows led to 75 % instead of 95 %", "from eight rows on it did no harm"
    )
    plain, normalised = (100 * STUDIES.batches.at(norm=norm, part="test").values for norm in ("none", "batch"))
    assert (round(plain[:, 0].mean()), round(normalised[:, 0].mean())) == (95, 75)
    assert (normalised[:, 2:].mean(axis=0) > plain[:, 2:].mean(axis=0)).all()
    assert (normalised[:, :2].mean(axis=0) < plain[:, :2].mean(axis=0)).all()


# --- Keras ------------------------------------------------------------------------------------------------------------


def test_eight_sigmoid_layers_learn_with_it_alone(lesson_run: LessonRun) -> None:
    lesson_run.states("keras-seen", "the network only guesses", "95 % of the validation digits are right")
    plain, normalised = lesson_run.numbers("keras-fit")
    assert plain < 0.15
    assert normalised == pytest.approx(0.95, abs=0.02)


def test_fit_and_evaluate_disagree_on_the_same_rows(lesson_run: LessonRun) -> None:
    lesson_run.states("modes-intro", "`fit` reports an accuracy near 99 %")
    fitted, evaluated = lesson_run.numbers("modes-fit")
    assert fitted == pytest.approx(0.99, abs=0.01)
    assert evaluated == pytest.approx(0.11, abs=0.03)


def test_the_figure_of_modes_shows_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("modes-seen", "0.99^150 = 22 % is left", "4 to 6 times too large")
    lesson_run.states("modes-seen", "the accuracy is 93.5 % with batch statistics and 8.8 % with moving averages")
    assert round(100 * share_left(0.99, 15)) == 22
    ratios = too_large(0.99, 15)
    assert (round(ratios.min()), round(ratios.max())) == (4, 6)
    batch, moving = (100 * accuracies(0.99, measure)[:, 14].mean() for measure in ("batch", "moving"))
    assert (round(batch, 1), round(moving, 1)) == (93.5, 8.8)
    assert "22% of the start" in modes_picture(0.99, 15).caption


def test_the_averages_only_need_time_or_a_lower_momentum(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "modes-seen", "Momentum 0.9: the curves agree from epoch 5 on", "after 500 steps they agree as well"
    )
    apart = {m: (accuracies(m, "batch") - accuracies(m, "moving")).mean(axis=0) for m in (0.9, 0.99)}
    assert np.abs(apart[0.9][4:]).max() < 0.01 < np.abs(apart[0.9][3])
    assert np.abs(apart[0.99][49]) < 0.02


def test_calls_give_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("calls-seen", "so 1 becomes 0.9995", "here by 1 % of the way to 2")
    told = re.findall(r"row 1: +(-?\d\.\d+) +moving mean: (\d\.\d\d)", lesson_run.printed("calls"))
    assert told == [("0.9995", "0.00"), ("0.9995", "0.00"), ("-1.2238", "0.02")]


def test_a_frozen_layer_stays_at_its_averages(lesson_run: LessonRun) -> None:
    (told,) = re.findall(r"row 1: +(-?\d\.\d+) +moving mean: (\d\.\d\d)", lesson_run.printed("frozen"))
    variance = 0.99 + 0.01 * 2 / 3
    assert float(told[0]) == pytest.approx((1 - 0.02) / np.sqrt(variance + 0.001), abs=1e-3)
    assert told[1] == "0.02"


# --- choosing ---------------------------------------------------------------------------------------------------------


def test_momentum_needs_as_many_steps_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("choose", "For less than 1 % of the start to be left, 0.9 needs 44 steps, and 0.99 needs 459")
    for momentum, steps in ((0.9, 44), (0.99, 459)):
        assert momentum**steps < 0.01 < momentum ** (steps - 1)


def test_higher_rates_are_best_with_it(lesson_run: LessonRun) -> None:
    lesson_run.states("choose", "in the first figure, rates of 0.3 to 1 are best with it")
    for network in ("8 relu", "8 sigmoid", "2 relu"):
        best = max(RATES, key=lambda rate: at_rate(network, "batch", rate).mean())
        assert best in (0.3, 1.0)


# --- the quiz ---------------------------------------------------------------------------------------------------------


def test_the_quiz_states_what_is_so() -> None:
    without, normalised = means(on_digits(STUDIES, 0.3))
    assert (round(normalised - without), round(normalised)) == (3, 79)
    assert pytest.approx(0.1216, abs=5e-5) == 0.9**20
    assert pytest.approx(0.005, abs=5e-4) == 0.9**50
    assert len(LAYERS) == 8
