"""Every number that the lesson's prose states: compared with what its cells print, or with the stored runs."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from course.chapters.norm_penalties.one_weight_figure import best_weight, one_weight_picture
from course.chapters.norm_penalties.sensor_figures import all_errors, benefit_errors, kept_sensors, weights_picture
from course.chapters.norm_penalties.sensors import exact_fit, load_sensors, squared_error, true_weights
from course.chapters.norm_penalties.studies import STRENGTHS, load_studies
from course.chapters.norm_penalties.worth import on_digits, on_patients
from course.chapters.overfitting import studies as overfitting
from tests.lesson_run import LessonRun

STUDIES = load_studies()


def kept(kind: str, strength: float, seed: int) -> tuple[int, int]:
    return kept_sensors(STUDIES.weights.at(kind=kind, seed=seed, strength=strength).values[:40])


def functions(run: LessonRun) -> dict[str, Any]:
    """`train` and `error`, as the lesson defines them."""
    defined: dict[str, Any] = {"np": np}
    exec(run.prose("what-train"), defined)
    return defined


def test_nothing_fails(lesson_run: LessonRun) -> None:
    assert lesson_run.outputs("error") == {}


# --- forty sensors ----------------------------------------------------------------------------------------------------


def test_each_penalty_helps_as_much_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("benefit-seen", "the test error is 2.95, nearly three times the noise")
    lesson_run.states("benefit-seen", "L2 lowers it to 2.22, 40 % of the way to the 1.12 of the model")
    lesson_run.states("benefit-seen", "L1 lowers it to 1.34, 88 % of the way")
    lesson_run.states("benefit-seen", "In each of the ten seeds, L2 was better than no penalty, and L1 better than L2")
    errors = benefit_errors(STUDIES)
    assert [round(float(v.mean()), 2) for v in errors.values()] == [2.95, 2.22, 1.34, 1.12]
    none, l2, l1, known = (float(v.mean()) for v in errors.values())
    assert [round(100 * (none - each) / (none - known)) for each in (l2, l1)] == [40, 88]
    assert (errors["l2"] < errors["none"]).all()
    assert (errors["l1"] < errors["l2"]).all()


# --- a price on large weights -----------------------------------------------------------------------------------------


def test_training_with_a_penalty_is_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("what-seen", "from 0.19 to 0.39 and 0.57", "from 3.72 to 2.67 and 1.87")
    lesson_run.states("what-seen", "10.5 and 7.4 instead of 13.7")
    lines = lesson_run.printed("what-run").splitlines()[1:]
    rows = [[float(n) for n in line[10:].split()] for line in lines]
    assert [row[:3] for row in rows] == [[0.19, 3.72, 13.7], [0.39, 2.67, 10.5], [0.57, 1.87, 7.4]]
    lesson_run.states("what-intro", "It only sets the level, here about 20")
    assert [row[3] for row in rows] == pytest.approx([20, 20, 20], abs=0.5)


@pytest.mark.parametrize(("kind", "strength"), [("l1", 0.2), ("l2", 0.1)])
def test_a_penalty_accepts_bias_to_save_variance(lesson_run: LessonRun, kind: str, strength: float) -> None:
    """On readings with spread 1, what the weights miss is what the predictions miss, summed up over the sensors."""
    lesson_run.states("what-seen", "a penalty accepts some bias", "to save much variance")
    lesson_run.states("what-seen", "the summed variance of the 40 weights falls from 2.0 to 1.0 (L2) and 0.3 (L1)")
    parts = []
    for each in (0.0, strength):
        weights = STUDIES.weights.at(kind=kind, strength=each).values[:, :40]
        variance = weights.var(axis=0, ddof=1).sum()
        bias2 = ((weights.mean(axis=0) - true_weights()) ** 2).sum() - variance / len(weights)
        parts.append((bias2, variance))
    (bias2, variance), (more_bias2, less_variance) = parts
    assert more_bias2 > bias2
    assert variance - less_variance > 1.5 * (more_bias2 - bias2)
    assert (round(variance, 1), round(less_variance, 1)) == (2.0, {"l1": 0.3, "l2": 1.0}[kind])


def test_a_penalty_on_the_bias_makes_predictions_too_low(lesson_run: LessonRun) -> None:
    lesson_run.states("what-intro", "the level, here about 20, and shrinking it would make every prediction too low")
    rows = load_sensors(0)
    columns = np.c_[rows.x_train, np.ones(len(rows.x_train))]  # the bias is a weight like the others
    square, cross = columns.T @ columns / len(columns), columns.T @ rows.y_train / len(columns)
    *weights, bias = np.linalg.solve(square + 0.1 * np.eye(len(square)), cross)
    assert bias < 19
    assert squared_error(weights, bias, rows.x_test, rows.y_test) > 10
    assert exact_fit(rows.x_train, rows.y_train, l2=0.1)[1] == pytest.approx(20, abs=0.5)


def test_one_weight_ends_where_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("one-weight-seen", "L1 moves it to 0", "L2 moves it to 0.2", "the lowest point is at 0.2")
    lesson_run.states("one-weight-seen", "towards 0 by strength / 2, but not past 0; L2 divides it by 1 + strength")
    lesson_run.states("one-weight-seen", "L1 takes off 0.5 again, and leaves 1.1; L2 halves it, to 0.8")
    assert (
        "L1 moves the best weight from 0.40 to 0.00. L2 would move it to 0.20"
        in one_weight_picture(0.4, 1.0, "l1").caption
    )
    assert [best_weight(1.6, 1.0, kind) for kind in ("l1", "l2")] == pytest.approx([1.1, 0.8])


# --- packing with a baggage fee ---------------------------------------------------------------------------------------


def test_the_figure_of_weights_shows_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("packing-seen", "L1 keeps 18 of 40 sensors, and all 6 that matter")
    lesson_run.states("packing-seen", "the validation error is well above the test error: 60 rows are few")
    lesson_run.states("packing-seen", "all 40 come along", "sensor 4 is about 1.3 instead of 2.2 without a penalty")
    lesson_run.states("packing-seen", "5 sensors are left, sensor 28 is missing, and the training error is 2.60")
    assert "keeps 18 of 40 sensors, and 6 of the 6 that matter, and leaves 22" in weights_picture("l1", 0.2, 0).caption
    assert "keeps 40 of 40" in weights_picture("l2", 0.2, 0).caption
    assert "The training error is 2.60" in weights_picture("l1", 1.0, 0).caption
    shrunk, plain = (STUDIES.weights.at(kind="l2", seed=0, strength=s).values[3] for s in (0.2, 0.0))
    assert (round(shrunk, 1), round(plain, 1)) == (1.3, 2.2)
    assert kept("l1", 1.0, 0) == (5, 5)
    assert STUDIES.weights.at(kind="l1", seed=0, strength=1.0).values[28 - 1] == 0
    _training, validation, test = all_errors("l1")[0, list(STRENGTHS).index(0.2)]
    assert validation > test + 0.5


def test_the_figure_shows_an_l2_that_is_too_strong(lesson_run: LessonRun) -> None:
    lesson_run.states("packing-seen", "The test error is 3.45, worse than the 3.12 without a penalty")
    lesson_run.states("packing-seen", "Validation would choose 0.1, where it is 2.88")
    caption = weights_picture("l2", 0.2, 0).caption
    assert "the test error 3.45; without a penalty they are 0.19 and 3.12" in caption
    assert STRENGTHS[all_errors("l2")[0, :, 1].argmin()] == 0.1
    assert "the test error 2.88" in weights_picture("l2", 0.1, 0).caption


def test_l1_is_no_proof_of_what_matters(lesson_run: LessonRun) -> None:
    lesson_run.states("packing-seen", "it keeps 14 to 21 sensors, and more than half of them do not matter")
    counts = [kept("l1", 0.2, seed) for seed in range(10)]
    assert (min(n for n, _real in counts), max(n for n, _real in counts)) == (14, 21)
    assert all(real < n / 2 for n, real in counts)


# --- Keras ------------------------------------------------------------------------------------------------------------


def test_in_keras_the_penalty_lowers_the_validation_error(lesson_run: LessonRun) -> None:
    lesson_run.states("zeros-intro", "from 3.49 to 1.90", "22 of the 40 weights were exactly 0")
    plain, _strength, sparse = lesson_run.numbers("keras-fit")
    assert (plain, sparse) == pytest.approx((3.49, 1.90), abs=0.02)
    assert 40 - kept("l1", 0.2, 0)[0] == 22


def test_without_a_penalty_fewer_steps_explain_the_smaller_error(lesson_run: LessonRun) -> None:
    lesson_run.states("zeros-intro", "Without a penalty our `train` had 3.72, after 2,000 steps; Keras took 500")
    lesson, rows = functions(lesson_run), load_sensors(0)
    few, many = (lesson["train"](rows.x_train, rows.y_train, steps=steps) for steps in (500, 2000))
    errors = [lesson["error"](fit, rows.x_validation, rows.y_validation) for fit in (few, many)]
    assert errors == pytest.approx([3.47, 3.72], abs=0.01)
    options: dict[str, Any] = {}
    exec(lesson_run.prose("keras-fit").splitlines()[0], options)
    assert options["options"]["epochs"] * len(rows.x_train) / options["options"]["batch_size"] == 500


def test_no_weight_is_exactly_0_in_keras(lesson_run: LessonRun) -> None:
    lesson_run.states("zeros-seen", "None is exactly 0, and about a third are below 0.02", "here 0.01")
    lesson_run.states(
        "zeros-seen", "In five stored runs: none, and 11 to 23", "The figure kept 18, some of them smaller"
    )
    lesson_run.states("zeros-seen", "Twelve are left, and the error is 1.92 instead of 1.90")
    printed = lesson_run.printed("zeros")
    counts = [int(n) for n in re.findall(r": (\d+)$", printed, flags=re.M)]
    assert counts[0] == 0
    assert counts[1] == pytest.approx(40 / 3, abs=3)
    assert counts[2] == 12
    assert float(re.findall(r"after the cut: (\d\.\d\d)", printed)[0]) == pytest.approx(1.92, abs=0.02)
    stored = STUDIES.keras.at(method="l1")
    assert (stored.at(measure="zeros").values == 0).all()
    small = stored.at(measure="small").values
    assert (small.min(), small.max()) == (11, 23)
    weights = np.abs(STUDIES.weights.at(kind="l1", seed=0, strength=0.2).values[:40])
    assert ((weights > 0) & (weights < 0.1)).sum() == 10


def test_the_lessons_own_training_hops_over_0_as_well(lesson_run: LessonRun) -> None:
    lesson_run.states("zeros-seen", "Our `train` does the same")
    rows = load_sensors(0)
    weights, _bias = functions(lesson_run)["train"](rows.x_train, rows.y_train, l1=0.2)
    assert (weights == 0).sum() == 0
    assert (np.abs(weights) < 0.02).sum() > 20


def test_the_loss_contains_the_penalty(lesson_run: LessonRun) -> None:
    lesson_run.states("loss-seen", "The loss is larger by 3.0: 0.1 · (1 + 4 + 9 + 0 + 16)")
    assert "difference 3.00" in lesson_run.printed("loss")
    assert "penalty: [3.0" in lesson_run.printed("loss")


# --- choosing ---------------------------------------------------------------------------------------------------------


def test_validation_chooses_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("choose-intro", "in the figure, 0.2 was the best strength of L1")
    lesson_run.states("choose-seen", "Validation chooses 0.2, and the test error there is 1.28")
    lesson_run.states("choose-seen", "(1.95 and 2.03 instead of 1.90)", "even the training error is 2.07")
    printed = lesson_run.printed("choose")
    errors = {
        float(s): (float(t), float(v)) for s, t, v in re.findall(r"^ *([\d.]+) +([\d.]+) +([\d.]+)$", printed, re.M)
    }
    assert [errors[strength][1] for strength in (0.1, 0.2, 0.4)] == [1.95, 1.90, 2.03]
    assert min(errors, key=lambda strength: errors[strength][1]) == 0.2
    assert errors[0.8][0] == 2.07
    assert "chosen: 0.2, test error 1.28" in printed
    stored = all_errors("l1")[0, :, 1]
    assert STRENGTHS[stored.argmin()] == 0.2
    assert round(float(stored.min()), 2) == errors[0.2][1]


def test_other_units_hurt_with_a_penalty_only(lesson_run: LessonRun) -> None:
    lesson_run.states("scale-seen", "In an exact fit without a penalty the units do not matter: 2.95 each time")
    lesson_run.states(
        "scale-seen",
        "With L2 of 0.1 throughout, the error rises from 2.23 to 9.46",
        "Then it is 2.29, nearly as before",
    )
    errors = [float(line.split()[-1]) for line in lesson_run.printed("scale").splitlines()]
    assert errors == [2.95, 2.23, 2.95, 9.46, 2.95, 2.29]


def test_other_units_hurt_training_by_steps_without_a_penalty(lesson_run: LessonRun) -> None:
    lesson_run.states("scale-seen", "(In training by steps they do: a weight on small numbers has small gradients")
    lesson, rows, factor = functions(lesson_run), load_sensors(0), np.ones(40)
    factor[3] = 0.01
    errors = []
    for units in (1, factor):
        fit = lesson["train"](rows.x_train * units, rows.y_train)
        errors.append(lesson["error"](fit, rows.x_test * units, rows.y_test))
    assert errors[1] > 3 * errors[0]


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_the_bias_makes_up_for_means_in_an_exact_fit(lesson_run: LessonRun, l2: float) -> None:
    lesson_run.states("scale-seen", "in an exact fit the bias, which is free, makes up for the means")
    rows = load_sensors(0)
    fits = [(exact_fit(rows.x_train + shift, rows.y_train, l2=l2), rows.x_test + shift) for shift in (0, 5)]
    errors = [squared_error(weights, bias, x, rows.y_test) for (weights, bias), x in fits]
    assert errors[0] == pytest.approx(errors[1])


def test_l2_on_patients_and_digits_is_worth_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("worth-seen", "from 54.2 to 45.5 points; early stopping did about as well, with 47.2")
    lesson_run.states("worth-seen", "from 77.4 % to 89.6 %; early stopping reached 89.8 %", "96.2 % instead of 96.4 %")
    patients, noisy, clean = on_patients(STUDIES), on_digits(STUDIES, 0.3), on_digits(STUDIES, 0.0)
    means = [round(float(v.mean()), 1) for each in (patients, noisy, clean) for v in (each.without, each.chosen)]
    assert means == [54.2, 45.5, 77.4, 89.6, 96.4, 96.2]
    assert (patients.chosen < patients.without).all()
    assert (noisy.chosen > noisy.without + 5).all()
    assert lesson_run.numbers("worth")[::2] == means
    assert clean.without.mean() - clean.chosen.mean() < clean.without.std(ddof=1)


def test_early_stopping_reached_what_the_text_says() -> None:
    stored = overfitting.load_studies()
    errors = stored.patients
    best = errors.at(part="validation").values.argmin(axis=1)
    stopped = 100 * errors.at(part="test").values[np.arange(5), best]
    assert round(float(stopped.mean()), 1) == 47.2
    digits = stored.digits.at(wrong_share=0.3)
    best = digits.at(measure="validation").values.argmax(axis=1)
    reached = 100 * digits.at(measure="test").values[np.arange(5), best]
    assert round(float(reached.mean()), 1) == 89.8


# --- the quiz ---------------------------------------------------------------------------------------------------------


def test_the_quiz_states_what_is_so() -> None:
    assert best_weight(0.4, 0.6, "l1") == pytest.approx(0.1)
    assert best_weight(0.4, 0.6, "l2") == pytest.approx(0.25)
    assert best_weight(0.4, 0.0, "l1") == 0.4
    assert kept("l1", 0.2, 0) == (18, 6)
    assert 40 - kept("l1", 0.2, 0)[0] == 22
    assert all(
        (np.diff(all_errors(kind)[:, :, 0]) > 0).all() for kind in ("l1", "l2")
    )  # both worsen the training error
