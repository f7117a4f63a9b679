"""Every number that the lesson's prose states: compared with what its cells print, or with the stored runs."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from course import load_keras
from course.chapters.batch_normalization import lesson
from course.chapters.batch_normalization.deep import Shape, deep_network, fit
from course.chapters.batch_normalization.modes_figure import accuracies, modes_picture, share_left, too_large
from course.chapters.batch_normalization.rate_figure import RATES, by_rate, rates_picture
from course.chapters.batch_normalization.scores_figure import scores_picture
from course.chapters.batch_normalization.studies import LAYERS, LONGER, LONGER_AXES, SHAPES, load_studies
from course.chapters.batch_normalization.worth import Worth, on_digits, on_patients, on_rates
from course.chapters.dropout.sweep import load_sweep
from course.chapters.norm_penalties.studies import load_studies as penalty_studies
from course.chapters.norm_penalties.worth import on_digits as digits_with_penalty
from course.lessons.arrays import Floats
from course.lessons.digits import load_digits, load_images
from course.lessons.metrics import accuracy
from tests.lesson_run import LessonRun

STUDIES = load_studies()
LONGER_NETWORKS = LONGER_AXES["network"].tolist()


def at_rate(network: str, norm: str, rate: float) -> Floats:
    """Validation accuracies of the five seeds, in per cent."""
    return 100 * by_rate(network, norm)[RATES.index(rate)]


def test_nothing_fails(lesson_run: LessonRun) -> None:
    assert lesson_run.outputs("error") == {}


# --- eight layers -----------------------------------------------------------------------------------------------------


def test_eight_relu_layers_need_batch_normalization(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "rates-seen", "49 % of the validation digits are right on average, with seeds between 23 % and 64 %"
    )
    lesson_run.states("rates-seen", "With it, 90 % or more are right at all rates from 0.1 to 1")
    lesson_run.states("rates-seen", "without it, 0.1 is the best rate")
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


def test_with_more_epochs_the_relu_layers_learn_and_the_sigmoid_layers_do_not(lesson_run: LessonRun) -> None:
    lesson_run.states("rates-seen", "after 60 epochs instead of 15, 94 % are right", "nor in 60 epochs at 0.1")
    relu, sigmoid = (100 * STUDIES.longer.at(network=name, part="validation").values for name in LONGER_NETWORKS)
    assert (LONGER, round(relu.mean()), round(relu.min())) == (60, 94, 92)
    assert sigmoid.max() < 15


# --- what it does -----------------------------------------------------------------------------------------------------


def test_the_four_lines_give_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("what-seen", "Both columns now have mean 0 and a spread of 1")
    lesson_run.states("what-seen", "The middle row comes to 0 and to −0.46")
    rows = [[float(n) for n in row] for row in re.findall(r"(-?\d\.\d*) +(-?\d\.\d*)", lesson_run.printed("what"))]
    assert [row[0] for row in rows] == [-1.2238, 0, 1.2238]
    assert rows[1][1] == pytest.approx(-0.46, abs=0.005)
    assert np.mean(rows, axis=0) == pytest.approx(0, abs=1e-3)
    assert np.std(rows, axis=0) == pytest.approx(1, abs=1e-3)


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
        "A now lies only 0.83 spreads below",
        "the mean has risen from 2 to 4.33, but the spread has grown fivefold, to 4.03",
        "by the register's mean of 2 and spread of 0.82, A is at −1.22",
    )
    lesson_run.states("analogy-intro", "the scores 1, 2 and 3, so A lies 1.22 spreads below the mean")
    told = "Project A is {} spreads from this batch's mean, {}; one spread is {}."
    assert scores_picture(3, "batch").caption == told.format("-1.22", "2.00", "0.82")
    assert scores_picture(10, "batch").caption == told.format("-0.83", "4.33", "4.03")
    register = scores_picture(10, "register").caption
    assert "A is -1.22 spreads from the long-run mean, 2.00; one spread is 0.82." in register


# --- eight layers at the start ----------------------------------------------------------------------------------------


def run_through(lesson_run: LessonRun, *changes: tuple[str, str]) -> Floats:
    """What the cell prints by layer: spreads without and with batch normalization, after these changes to its code."""
    code = lesson_run.prose("start")
    for old, new in changes:
        assert old in code
        code = code.replace(old, new)
    found: list[list[float]] = []
    code = code.replace("    print(f", "    found.append(spreads); (f")
    exec(code, {"np": np, "lesson": lesson, "found": found})
    return np.array(found)


def test_the_spread_falls_from_layer_to_layer_without_batch_normalization(lesson_run: LessonRun) -> None:
    lesson_run.states("start-seen", "each layer leaves about two thirds of the spread before it")
    lesson_run.states("start-seen", "from 0.155 after the first it falls to 0.009 after the eighth")
    lesson_run.states("start-seen", "keeps the spread at 0.58 (1 before ReLU cuts off what is negative)")
    shown = np.array(lesson_run.numbers("start")).reshape(8, 2)
    assert shown == pytest.approx(run_through(lesson_run), abs=1e-4)
    assert shown[[0, 7], 0].round(3).tolist() == [0.155, 0.009]
    assert (shown[7, 0] / shown[0, 0]) ** (1 / 7) == pytest.approx(2 / 3, abs=0.02)
    assert shown[:, 1] == pytest.approx(0.58, abs=0.011)


def test_what_else_to_try_there_gives_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("start-seen", "the spread hardly falls (0.22 to 0.15)", "a layer leaves only a quarter")
    from_he = run_through(lesson_run, ("np.sqrt(6 / (64 + 64))", "np.sqrt(6 / 64)"))
    assert from_he[[0, 7], 0].round(2).tolist() == [0.22, 0.15]
    sigmoid = run_through(
        lesson_run, ("np.maximum(plain @ weights, 0)", "1 / (1 + np.exp(-(plain @ weights)))"),
        ("np.maximum(z, 0)", "1 / (1 + np.exp(-z))"),
    )  # fmt: skip
    assert sigmoid[1:, 0] / sigmoid[:-1, 0] == pytest.approx(0.25, abs=0.025)


def gradients(network: str, momentum: float | None, seed: int) -> Floats:
    """How long the loss's gradient is, over all training rows before any training, for each of nine kernels."""
    import tensorflow as tf

    keras, digits = load_keras(), load_digits(0.0, seed)
    keras.utils.set_random_seed(seed)
    model = deep_network(keras, SHAPES[network], momentum)
    kernels = [layer.kernel.value for layer in model.layers if hasattr(layer, "kernel")]
    with tf.GradientTape() as tape:
        out = model(digits.x_train, training=True)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(digits.y_train, out))
    return np.array([np.linalg.norm(each) for each in tape.gradient(loss, kernels)])


def times_smaller(network: str) -> Floats:
    """By how much the gradients without batch normalization are smaller, over the means of five seeds."""
    plain, normalised = (np.mean([gradients(network, m, seed) for seed in range(5)], axis=0) for m in (None, 0.9))
    return np.asarray(normalised / plain)


def test_gradients_are_small_without_batch_normalization(lesson_run: LessonRun) -> None:
    lesson_run.states("start-seen", "in Keras those of all weights are 33 to 55 times smaller")
    times = times_smaller("8 relu")
    assert len(times) == 9
    assert (round(times.min()), round(times.max())) == (33, 55)


def test_from_he_start_they_are_not(lesson_run: LessonRun) -> None:
    lesson_run.states("worth-seen", "which keeps spread and gradients from shrinking")
    times = times_smaller("8 relu, He")
    assert 0.4 < times.min() < times.max() < 2


# --- impact -----------------------------------------------------------------------------------------------------------


def gain(found: Worth) -> float:
    """In points, the mean over seeds."""
    return float((found.normalised - found.without).mean())


def means(found: Worth) -> list[float]:
    return [round(float(values.mean()), 1) for values in (found.without, found.normalised)]


def test_deep_networks_gain_most(lesson_run: LessonRun) -> None:
    lesson_run.states("worth-seen", "Much only in the first row: from 49.2 % to 95.3 %")
    lesson_run.states("worth-seen", "brings the plain network to 89.7 %; batch normalization adds 5 points")
    lesson_run.states("worth-seen", "with it the start hardly matters", "each seed gains, on average by 1 to 2 points")
    rates = STUDIES.rates
    deep, from_he, two = (on_rates(rates.at(network=name)) for name in ("8 relu", "8 relu, He", "2 relu"))
    adam, wide = on_rates(STUDIES.adam), on_digits(STUDIES, 0.0)
    assert means(deep) == [49.2, 95.3]
    assert means(from_he) == [89.7, 95.2]
    assert [round(gain(each)) for each in (from_he, adam, two, wide)] == [5, 2, 2, 1]
    assert gain(from_he) > from_he.without.std(ddof=1)
    for each in (adam, two, wide):
        assert (each.normalised > each.without).all()
    shown = lesson_run.numbers("worth")
    wanted = [value for each in (deep, from_he, adam, two, wide) for value in means(each)]
    assert shown[::2] == [*wanted, 75.7, 78.7, 54.2, 55.2]


def test_the_table_tells_of_test_rows_at_the_rate_that_validation_chose() -> None:
    """That the plain network's 49.2 is also its validation mean at rate 0.1 is chance."""
    plain = STUDIES.rates.at(network="8 relu", norm="none")
    chosen = [
        plain.at(seed=seed, part="test", rate=plain.at(seed=seed, part="validation").best()).values for seed in range(5)
    ]
    found = on_rates(STUDIES.rates.at(network="8 relu")).without
    assert found == pytest.approx(100 * np.array(chosen))
    assert np.abs(found - 100 * plain.at(part="validation", rate=0.1).values).min() > 0.5


def test_it_is_no_remedy_for_overfitting(lesson_run: LessonRun) -> None:
    lesson_run.states("worth-seen", "With wrong labels it ends at 79 %")
    lesson_run.states("worth-seen", "where early stopping, L2 and Dropout end near 90 %")
    lesson_run.states("worth-seen", "for the patients the error is no lower")
    penalised = digits_with_penalty(penalty_studies(), 0.3)
    remedies = (penalised.stopped, penalised.chosen, 100 * load_sweep().scores("test", 256, 0.5))
    assert [round(float(values.mean())) for values in remedies] == [90, 90, 90]
    assert means(on_digits(STUDIES, 0.3)) == [75.7, 78.7]
    patients = on_patients(STUDIES)
    assert means(patients) == [54.2, 55.2]
    assert abs(patients.normalised.mean() - patients.without.mean()) < patients.without.std(ddof=1)


def test_small_batches_cost_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("when-not", "(two ReLU layers, learning rate 0.03, momentum 0.9)")
    lesson_run.states("when-not", "batches of two rows led to 75 % and of four to 93 %, instead of 95 % without it")
    lesson_run.states("when-not", "From eight rows on it did no harm", "little to gain (see *Impact*)")
    plain, normalised = (100 * STUDIES.batches.at(norm=norm, part="test").values for norm in ("none", "batch"))
    assert plain.mean(axis=0)[:2].round().tolist() == [95, 95]
    assert normalised.mean(axis=0)[:2].round().tolist() == [75, 93]
    assert (normalised[:, 2:].mean(axis=0) > plain[:, 2:].mean(axis=0)).all()
    assert (normalised[:, :2].mean(axis=0) < plain[:, :2].mean(axis=0)).all()


# --- Keras ------------------------------------------------------------------------------------------------------------


def test_eight_sigmoid_layers_learn_with_it_alone(lesson_run: LessonRun) -> None:
    lesson_run.states("keras-seen", "the same class, which is right for 7 % of them; with it, 95 % are right")
    plain, normalised = lesson_run.numbers("keras-fit")
    assert plain == pytest.approx(0.074, abs=5e-4)  # of the validation digits, 22 of 297 are a 3
    assert normalised == pytest.approx(0.95, abs=0.02)


def test_fit_and_evaluate_disagree_on_the_same_rows(lesson_run: LessonRun) -> None:
    lesson_run.states("modes-intro", "`fit` reports an accuracy near 99 %")
    lesson_run.states("modes-fit-seen", "99 % and 11 %, on the same rows with the same weights")
    fitted, evaluated = lesson_run.numbers("modes-fit")
    assert fitted == pytest.approx(0.99, abs=0.01)
    assert evaluated == pytest.approx(0.11, abs=0.03)


def test_the_figure_of_modes_shows_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("modes-seen", "0.99^150 = 22 % is left", "more than 5 times as much (left)")
    lesson_run.states("modes-seen", "on validation rows 8.8 % are right, and 93.5 % with batch statistics (right)")
    assert round(100 * share_left(0.99, 15)) == 22
    ratios = too_large(0.99, 15)
    assert 5 < ratios[1] < 6
    assert (np.sqrt(ratios[1:]) > 2).all()
    batch, moving = (100 * accuracies(0.99, measure)[:, 14].mean() for measure in ("batch", "moving"))
    assert (round(batch, 1), round(moving, 1)) == (93.5, 8.8)
    assert "22% of the start" in modes_picture(0.99, 15).caption


def test_stale_averages_make_all_rows_alike(lesson_run: LessonRun) -> None:
    lesson_run.states("modes-seen", "in layer 2 it is 0.046", "0.22 · 1 + 0.78 · 0.046 = 0.26")
    lesson_run.states("modes-seen", "in the last one, the spread of the rows is 250 to 330 times too small")
    lesson_run.states("modes-seen", "They look alike and all get one class")
    lag = STUDIES.lag
    variance = lag.at(measure="variance, layer 2").values.mean()
    assert variance == pytest.approx(0.046, abs=5e-4)
    assert 0.22 + 0.78 * variance == pytest.approx(0.26, abs=5e-3)
    times = 1 / lag.at(measure="spread, layer 8").values
    assert 250 <= times.min() < times.max() <= 330
    assert lag.at(measure="classes").values.tolist() == [1] * 5


def test_variances_do_more_harm_than_means_and_both_do_some(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "modes-seen", "with the true means put in, 11 % are right; with the true variances, 54 %; with both, 94 %"
    )
    found = [round(100 * STUDIES.lag.at(measure=each).values.mean()) for each in ("means", "variances", "both")]
    assert found == [11, 54, 94]


def test_the_averages_only_need_time_or_a_lower_momentum(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "modes-seen",
        "Momentum 0.9: the curves agree from epoch 5 on",
        "Momentum 0.99, epoch 50: here they agree as well",
    )
    apart = {m: (accuracies(m, "batch") - accuracies(m, "moving")).mean(axis=0) for m in (0.9, 0.99)}
    assert np.abs(apart[0.9][4:]).max() < 0.01 < np.abs(apart[0.9][3])
    assert np.abs(apart[0.99][49]) < 0.02


def test_calls_give_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("calls-seen", "here by 1 % of the way to 2", "hence 0.9995")
    told = re.findall(r"row 1: +(-?\d\.\d+) +mean: (\d\.\d\d)", lesson_run.printed("calls"))
    assert told == [("0.9995", "0.00"), ("0.9995", "0.00"), ("-1.2238", "0.02")]


def test_a_frozen_layer_stays_at_its_averages(lesson_run: LessonRun) -> None:
    (told,) = re.findall(r"row 1: +(-?\d\.\d+) +mean: (\d\.\d\d)", lesson_run.printed("frozen"))
    variance = 0.99 + 0.01 * 2 / 3
    lesson_run.states("frozen-seen", "(1 − 0.02) / √(0.9967 + 0.001) = 0.9811")
    assert (told[0], round(variance, 4)) == ("0.9811", 0.9967)
    assert (1 - 0.02) / np.sqrt(variance + 0.001) == pytest.approx(0.9811, abs=5e-5)
    assert told[1] == "0.02"


# --- choosing ---------------------------------------------------------------------------------------------------------


def test_momentum_needs_as_many_steps_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("choose", "To leave less than 1 % of the start, 0.9 needs 44 steps, and 0.99 needs 459")
    for momentum, steps in ((0.9, 44), (0.99, 459)):
        assert momentum**steps < 0.01 < momentum ** (steps - 1)


def test_higher_rates_are_best_with_it(lesson_run: LessonRun) -> None:
    lesson_run.states("choose", "in the first figure, 0.3 to 1 are best")
    for network in ("8 relu", "8 sigmoid", "2 relu"):
        best = max(RATES, key=lambda rate: at_rate(network, "batch", rate).mean())
        assert best in (0.3, 1.0)


# --- the quiz ---------------------------------------------------------------------------------------------------------


def test_the_second_graded_question_tells_of_a_network_that_is_so() -> None:
    keras, (x, y) = load_keras(), load_images()
    rows = np.random.default_rng(0).permutation(len(x))[:1600]
    keras.utils.set_random_seed(0)
    model = deep_network(keras, Shape(6, "sigmoid"), 0.99)
    fit(model, keras.optimizers.SGD(0.1), x[rows], y[rows], batch_size=100, epochs=5)
    told = model.history.history["accuracy"][-1]
    assert told == pytest.approx(0.94, abs=0.02)
    assert accuracy(np.asarray(model(x[rows])), y[rows]) == pytest.approx(0.10, abs=0.02)
    assert round(100 * 0.99 ** (1600 // 100 * 5)) == 45


def test_the_quiz_states_what_is_so() -> None:
    without, normalised = means(on_digits(STUDIES, 0.3))
    assert (round(normalised - without), round(normalised)) == (3, 79)
    assert pytest.approx(0.1216, abs=5e-5) == 0.9**20
    assert pytest.approx(0.005, abs=5e-4) == 0.9**50
    assert len(LAYERS) == 8
