"""Every number that the lesson's prose states: compared with what its cells print, or with the stored runs."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from course.chapters.norm_penalties.one_weight_figure import best_weight, one_weight_picture
from course.chapters.norm_penalties.sensor_figures import all_errors, benefit_errors, kept_sensors, weights_picture
from course.chapters.norm_penalties.sensors import LEVEL, REAL, exact_fit, load_sensors, squared_error, true_weights
from course.chapters.norm_penalties.studies import STRENGTHS, load_studies
from course.chapters.norm_penalties.worth import on_digits, on_patients
from course.chapters.overfitting import studies as overfitting
from course.lessons.digits import load_digits
from course.lessons.metrics import accuracy
from course.lessons.networks import Recipe, logits_of, train
from tests.lesson_run import LessonRun

STUDIES = load_studies()
SEED = 4  # the lesson's rows


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
    lesson_run.states("benefit-intro", "no model can expect a test error below 1 (1² = 1)")
    errors = benefit_errors(STUDIES)
    assert [round(float(v.mean()), 2) for v in errors.values()] == [2.95, 2.22, 1.34, 1.12]
    none, l2, l1, known = (float(v.mean()) for v in errors.values())
    assert [round(100 * (none - each) / (none - known)) for each in (l2, l1)] == [40, 88]


def test_the_seed_to_touch_is_a_typical_one(lesson_run: LessonRun) -> None:
    lesson_run.states("what-run", "load_sensors(seed=4) # a typical one of the ten seeds")
    for values in benefit_errors(STUDIES).values():
        assert abs(values[SEED] - values.mean()) < values.std(ddof=1)


# --- a price on large weights -----------------------------------------------------------------------------------------


def test_training_with_a_penalty_is_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("what-seen", "from 0.39 to 0.52 and 0.70", "from 2.74 to 1.85 and 1.49")
    lines = lesson_run.printed("what-run").splitlines()[1:]
    rows = [[float(n) for n in line[10:].split()] for line in lines]
    lesson_run.states("what-seen", "Σ|w| falls from 13.3 to 10.5 and 7.9")
    assert rows == [[0.39, 2.74, 13.3], [0.52, 1.85, 10.5], [0.70, 1.49, 7.9]]


@pytest.mark.parametrize(
    ("strengths", "bias2", "variance"), [({}, 0.0, 2.4), ({"l2": 0.1}, 0.4, 1.2), ({"l1": 0.2}, 0.1, 0.3)]
)
def test_a_penalty_accepts_bias_to_save_variance(
    lesson_run: LessonRun, strengths: dict[str, float], bias2: float, variance: float
) -> None:
    """On readings with spread 1, what the weights miss is what the predictions miss, summed up over the sensors."""
    lesson_run.states("what-seen", "a penalty accepts some bias", "over 200 draws of 60 rows, L2 of 0.1 raises bias²")
    lesson_run.states("what-seen", "from 0 to 0.4 and halves the variance, from 2.4 to 1.2", "they are 0.1 and 0.3")
    fits = [exact_fit(rows.x_train, rows.y_train, **strengths) for rows in map(load_sensors, range(200))]
    found = np.array([[*weights, bias] for weights, bias in fits])
    assert float(found.var(axis=0).sum()) == pytest.approx(variance, abs=0.05)
    assert float(((found.mean(axis=0) - [*true_weights(), LEVEL]) ** 2).sum()) == pytest.approx(bias2, abs=0.05)


def test_a_penalty_on_the_bias_makes_predictions_too_low(lesson_run: LessonRun) -> None:
    lesson_run.states("what-intro", "It only sets the level, here about 20 (the readings average about 0)")
    lesson_run.states("what-intro", "shrinking it would make predictions too low on average")
    rows = load_sensors(SEED)
    assert abs(rows.x_train.mean()) < 0.05
    columns = np.c_[rows.x_train, np.ones(len(rows.x_train))]  # the bias is a weight like the others
    square, cross = columns.T @ columns / len(columns), columns.T @ rows.y_train / len(columns)
    *weights, bias = np.linalg.solve(square + 0.1 * np.eye(len(square)), cross)
    assert bias < 19
    assert squared_error(weights, bias, rows.x_test, rows.y_test) > 10
    assert exact_fit(rows.x_train, rows.y_train, l2=0.1)[1] == pytest.approx(20, abs=0.5)


def test_one_weight_ends_where_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("one-weight-seen", "L1 moves it to 0, and L2 to 0.2", "with 2 · 0.4 = 0.8")
    lesson_run.states("one-weight-seen", "towards 0 by strength / 2", "but not past 0; L2 divides it by 1 + strength")
    lesson_run.states(
        "one-weight-seen",
        "L1 takes off the full 0.5",
        "and leaves 1.1 (before, 0 came after 0.4); L2 halves it, to 0.8",
    )
    assert (
        "L1 moves the best weight from 0.40 to 0.00. L2 would move it to 0.20"
        in one_weight_picture(0.4, 1.0, "l1").caption
    )
    assert [best_weight(1.6, 1.0, kind) for kind in ("l1", "l2")] == pytest.approx([1.1, 0.8])
    assert [best_weight(a, 1.0, "l2") == 0 for a in (0.0, 0.01)] == [True, False]


def test_a_plain_step_with_l2_multiplies_every_weight(lesson_run: LessonRun) -> None:
    lesson_run.states("one-weight-seen", "also multiplies every weight by 1 − 2 · rate · strength")
    rows, step = load_sensors(SEED), functions(lesson_run)["train"]
    (w, _b), (with_l2, _c) = (step(rows.x_train, rows.y_train, l2=l2, steps=2) for l2 in (0.0, 0.3))
    (first, _d) = step(rows.x_train, rows.y_train, steps=1)  # from 0, where the penalty pulls at nothing
    assert with_l2 == pytest.approx(w - first + (1 - 2 * 0.05 * 0.3) * first)


# --- packing with a baggage fee ---------------------------------------------------------------------------------------


def test_the_figure_of_weights_shows_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("packing-seen", "L1 keeps 18 of 40 sensors, and all 6 that matter")
    lesson_run.states("packing-seen", "The training error is 0.71, not 0.70 as in `train`: the figure solves exactly")
    told = weights_picture("l1", 0.2, SEED).caption
    assert "keeps 18 of 40 sensors, and 6 of the 6 that matter, and leaves 22" in told
    assert "The training error is 0.71 and the validation error 1.49; without a penalty they are 0.39 and 2.74" in told


def test_l2_shrinks_the_weights_as_a_whole_and_keeps_all(lesson_run: LessonRun) -> None:
    lesson_run.states("packing-seen", "all 40 come along; the weight of sensor 4 is 1.5 (with L1 it was 1.8)")
    lesson_run.states("summary", "L2 shrinks the weights as a whole and removes none")
    assert "keeps 40 of 40" in weights_picture("l2", 0.2, SEED).caption
    shrunk, plain = (STUDIES.weights.at(kind="l2", seed=SEED, strength=s).values[:40] for s in (0.2, 0.0))
    assert 20 < (np.abs(shrunk) < np.abs(plain)).sum() < 40
    with_l1 = STUDIES.weights.at(kind="l1", seed=SEED, strength=0.2).values
    assert (round(shrunk[3], 1), round(with_l1[3], 1)) == (1.5, 1.8)


def test_a_strong_l1_keeps_the_six_too_small(lesson_run: LessonRun) -> None:
    lesson_run.states("packing-seen", "just the 6 that matter are left", "all their bars end short of the true weights")
    lesson_run.states("packing-seen", "The training error is 2.42: underfitting")
    assert kept("l1", 1.0, SEED) == (6, 6)
    weights = STUDIES.weights.at(kind="l1", seed=SEED, strength=1.0).values[list(REAL)]
    true = true_weights()[list(REAL)]
    assert (weights * np.sign(true) > 0).all()
    assert (np.abs(weights) < np.abs(true)).all()
    assert "The training error is 2.42" in weights_picture("l1", 1.0, SEED).caption


def test_of_two_sensors_that_say_the_same_l1_mostly_keeps_one(lesson_run: LessonRun) -> None:
    lesson_run.states("packing-seen", "L1 mostly keeps one, and L2 shares the weight between both")
    pairs: dict[str, list[list[float]]] = {"l1": [], "l2": []}
    for seed in range(10):
        rows, rng = load_sensors(seed), np.random.default_rng(100 + seed)
        x = rows.x_train.copy()
        x[:, 39] = x[:, 3] + 0.05 * rng.normal(size=60)
        for kind, strength in (("l1", 0.2), ("l2", 0.1)):
            weights, _bias = exact_fit(x, rows.y_train, **{kind: strength})
            pairs[kind].append([weights[3], weights[39]])
    assert sum(0 in pair for pair in pairs["l1"]) == 8
    assert all(one == pytest.approx(other, abs=0.06) for one, other in pairs["l2"])


def test_l1_is_no_proof_of_what_matters(lesson_run: LessonRun) -> None:
    lesson_run.states("packing-seen", "it keeps 14 to 21 sensors, and more than half of them do not matter")
    counts = [kept("l1", 0.2, seed) for seed in range(10)]
    assert (min(n for n, _real in counts), max(n for n, _real in counts)) == (14, 21)
    assert all(real < n / 2 for n, real in counts)


# --- Keras ------------------------------------------------------------------------------------------------------------


def test_in_keras_the_penalty_lowers_the_validation_error(lesson_run: LessonRun) -> None:
    lesson_run.states("zeros-intro", "from 2.72 to 1.44", "It takes 500 steps, each on 12 rows")
    plain, _strength, sparse = lesson_run.numbers("keras-fit")
    assert (plain, sparse) == pytest.approx((2.72, 1.44), abs=0.02)
    assert "batch_size=12, epochs=100" in lesson_run.prose("keras-fit")
    assert 100 * len(load_sensors(SEED).x_train) / 12 == 500


def test_no_weight_is_exactly_0_in_keras(lesson_run: LessonRun) -> None:
    lesson_run.states("zeros-seen", "None is exactly 0 (nor in any of five more runs)", "about a third are below 0.02")
    lesson_run.states("zeros-seen", "the exact solution in the figure has 22 zeros", "here 0.01")
    lesson_run.states("zeros-seen", "Ten are left, the six among them, and the error is 1.36 instead of 1.44")
    printed = lesson_run.printed("zeros")
    counts = [int(n) for n in re.findall(r": +(\d+)", printed)]
    assert counts[0] == 0
    assert counts[1] == pytest.approx(40 / 3, abs=3)
    assert counts[2] == 10
    left = [int(n) for n in re.findall(r"\d+", printed.split("[")[1].split("]")[0])]
    assert len(left) == 10
    assert {sensor + 1 for sensor in REAL} <= set(left)
    assert float(re.findall(r"after the cut: (\d\.\d\d)", printed)[0]) == pytest.approx(1.36, abs=0.02)
    zeros = STUDIES.keras.at(method="l1", measure="zeros").values
    assert len(zeros) == 5
    assert (zeros == 0).all()
    assert 40 - kept("l1", 0.2, SEED)[0] == 22


def test_batches_keep_weights_away_from_0(lesson_run: LessonRun) -> None:
    """On all rows at once, the weights that the exact solution sets to 0 end within 0.02; on batches many do not."""
    lesson_run.states("zeros-seen", "each batch of 12 rows pulls differently, so many of the 22 stay farther away")
    rows, rng = load_sensors(SEED), np.random.default_rng(0)
    useless = STUDIES.weights.at(kind="l1", seed=SEED, strength=0.2).values[:40] == 0
    step = functions(lesson_run)["train"]
    on_all, _bias = step(rows.x_train, rows.y_train, l1=0.2)
    assert (np.abs(on_all[useless]) < 0.02).all()
    assert (on_all != 0).all()
    w, b = np.zeros(40), 0.0
    for _epoch in range(100):
        for chosen in rng.permutation(60).reshape(5, 12):
            x, miss = rows.x_train[chosen], rows.x_train[chosen] @ w + b - rows.y_train[chosen]
            w, b = w - 0.05 * (2 * x.T @ miss / 12 + 0.2 * np.sign(w)), b - 0.05 * 2 * miss.mean()
    assert (np.abs(w[useless]) < 0.02).sum() < 18


def test_the_loss_contains_the_penalty(lesson_run: LessonRun) -> None:
    lesson_run.states("loss-seen", "The loss is larger by 3.0: 0.1 · (1 + 4 + 9 + 0 + 16)")
    assert "larger by 3.00" in lesson_run.printed("loss")
    assert "penalty: [3.0" in lesson_run.printed("loss")


# --- choosing ---------------------------------------------------------------------------------------------------------


def by_kind(seed: int, strengths: tuple[float, ...]) -> dict[str, list[float]]:
    """Validation errors of exact fits at these strengths, by kind."""
    rows = load_sensors(seed)
    fits = {kind: [exact_fit(rows.x_train, rows.y_train, **{kind: s}) for s in strengths] for kind in ("l2", "l1")}
    held = (rows.x_validation, rows.y_validation)
    return {kind: [squared_error(*fit, *held) for fit in found] for kind, found in fits.items()}


def test_validation_chooses_as_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("choose-seen", "Of these strengths 0.1 is best for L2, and for L1 0.2, whose test error is 1.38")
    printed = lesson_run.printed("choose")
    errors = {
        float(s): (float(a), float(b)) for s, a, b in re.findall(r"^ *([\d.]+) +([\d.]+) +([\d.]+)$", printed, re.M)
    }
    assert [min(errors, key=lambda s: errors[s][place]) for place in (0, 1)] == [0.1, 0.2]
    assert "chosen: L1 0.2\ntest error 1.38" in printed
    assert min(STRENGTHS[all_errors("l1")[SEED, :, 1] < errors[0.2][1] + 0.01]) == 0.2


def test_half_or_twice_the_strength_costs_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("choose-seen", "(up to 7 % for L2, 4 % for L1), but up to 23 % and 42 % in other seeds")
    strengths = tuple(0.0125 * 2**place for place in range(7))
    costs: dict[str, list[float]] = {"l2": [], "l1": []}
    for seed in range(10):
        for kind, errors in by_kind(seed, strengths).items():
            best = int(np.argmin(errors))
            around = [errors[place] for place in (best - 1, best + 1) if 0 <= place < len(errors)]
            costs[kind].append(round(100 * (max(around) / errors[best] - 1)))
    assert [costs[kind][SEED] for kind in ("l2", "l1")] == [7, 4]
    assert [max(costs[kind]) for kind in ("l2", "l1")] == [23, 42]


def test_other_units_hurt_with_a_penalty_only(lesson_run: LessonRun) -> None:
    lesson_run.states("scale-seen", "In an exact fit without a penalty the units do not matter: 2.95 each time")
    lesson_run.states(
        "scale-seen",
        "With L2 the error rises from 2.23 to 9.46, just as without sensor 4",
        "Then the error is 2.29, nearly as before",
        "(At first it was 2.22: each seed had a strength of its own.)",
    )
    errors = [float(line.split()[-1]) for line in lesson_run.printed("scale").splitlines()]
    assert errors == [2.95, 2.23, 2.95, 9.46, 2.95, 2.29]
    assert round(float(benefit_errors(STUDIES)["l2"].mean()), 2) == 2.22


def test_without_sensor_4_the_other_weights_fit_what_it_explained(lesson_run: LessonRun) -> None:
    lesson_run.states("scale-seen", "What it explained now looks like noise, and the other weights fit it")
    others, gone, misses = np.arange(40) != 3, [], []
    for seed in range(10):
        rows = load_sensors(seed)
        without = exact_fit(rows.x_train[:, others], rows.y_train, l2=0.1)
        gone.append(squared_error(*without, rows.x_test[:, others], rows.y_test))
        with_it, _bias = exact_fit(rows.x_train, rows.y_train, l2=0.1)
        both = ((each - true_weights()[others]) ** 2 for each in (with_it[others], without[0]))
        misses.append([float(each.sum()) for each in both])
    assert np.mean(gone) == pytest.approx(9.46, abs=0.02)
    before, after = np.mean(misses, axis=0)
    assert after > 3 * before


def test_other_units_hurt_training_by_steps_without_a_penalty(lesson_run: LessonRun) -> None:
    lesson_run.states("scale-seen", "(Training by steps suffers: gradients on small numbers are small.)")
    lesson, rows, factor = functions(lesson_run), load_sensors(0), np.ones(40)
    factor[3] = 0.01
    errors = []
    for units in (1, factor):
        fit = lesson["train"](rows.x_train * units, rows.y_train)
        errors.append(lesson["error"](fit, rows.x_test * units, rows.y_test))
    assert errors[1] > 3 * errors[0]


@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_the_bias_makes_up_for_means_in_an_exact_fit(lesson_run: LessonRun, l2: float) -> None:
    lesson_run.states("scale-seen", "subtract each column's mean (in an exact fit, the bias does it)")
    rows = load_sensors(0)
    fits = [(exact_fit(rows.x_train + shift, rows.y_train, l2=l2), rows.x_test + shift) for shift in (0, 5)]
    errors = [squared_error(weights, bias, x, rows.y_test) for (weights, bias), x in fits]
    assert errors[0] == pytest.approx(errors[1])


def test_l2_on_patients_and_digits_is_worth_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "worth-seen", "L2 gains about as much as early stopping; with right labels neither gains anything"
    )
    lesson_run.states("worth-seen", "Where it helps, strengths from 0.01 to 0.1 were chosen")
    patients, noisy, clean = on_patients(STUDIES), on_digits(STUDIES, 0.3), on_digits(STUDIES, 0.0)
    shown = [v for each in (patients, noisy, clean) for v in (each.without, each.chosen, each.stopped)]
    means = [round(float(v.mean()), 1) for v in shown]
    assert means == [54.2, 45.5, 47.2, 77.4, 89.6, 89.8, 96.4, 96.2, 95.9]
    assert [sorted(set(each.strengths.tolist())) for each in (patients, noisy)] == [[0.03, 0.1], [0.01]]
    assert "strengths of L2, line by line: 0.03–0.1; 0.01; 0–0.003" in lesson_run.printed("worth")
    assert (patients.chosen < patients.without).all()
    assert (noisy.chosen > noisy.without + 5).all()
    assert lesson_run.numbers("worth")[:18:2] == means
    assert "mean ± standard deviation over five seeds" in lesson_run.printed("worth")
    assert clean.without.mean() - clean.chosen.mean() < clean.without.std(ddof=1)


def test_l2_keeps_a_network_from_bending_around_wrong_labels(lesson_run: LessonRun) -> None:
    lesson_run.states("worth-seen", "its training accuracy (not shown) is 68 % with L2", "and 100 % without")
    lesson_run.states("worth-seen", "react less to small changes of its inputs")
    digits, rng = load_digits(0.3, 0), np.random.default_rng(0)
    moved = digits.x_test + 0.1 * digits.x_train.std() * rng.normal(size=digits.x_test.shape)
    learnt, changes = [], []
    for strength in (0.01, 0.0):
        layers = train(digits.x_train, digits.y_train, Recipe(l2=strength), 0)
        learnt.append(accuracy(logits_of(layers, digits.x_train), digits.y_train))
        changes.append(float(np.abs(logits_of(layers, digits.x_test) - logits_of(layers, moved)).mean()))
    assert learnt == pytest.approx([0.68, 1.0], abs=0.015)
    assert 3 * changes[0] < changes[1]


def test_early_stopping_is_that_of_the_lesson_on_overfitting() -> None:
    stored = overfitting.load_studies()
    best = stored.patients.at(part="validation").values.argmin(axis=1)
    stopped = 100 * stored.patients.at(part="test").values[np.arange(5), best]
    assert on_patients(STUDIES).stopped == pytest.approx(stopped, abs=0.5)
    digits = stored.digits.at(wrong_share=0.3)
    best = digits.at(measure="validation").values.argmax(axis=1)
    reached = 100 * digits.at(measure="test").values[np.arange(5), best]
    assert on_digits(STUDIES, 0.3).stopped == pytest.approx(reached, abs=0.01)


# --- the quiz ---------------------------------------------------------------------------------------------------------


def test_the_quiz_states_what_is_so() -> None:
    assert best_weight(0.4, 0.6, "l1") == pytest.approx(0.1)
    assert best_weight(0.4, 0.6, "l2") == pytest.approx(0.25)
    assert best_weight(0.4, 0.0, "l1") == 0.4
    assert kept("l1", 0.2, SEED) == (18, 6)
    assert 40 - kept("l1", 0.2, SEED)[0] == 22
    assert all(
        (np.diff(all_errors(kind)[:, :, 0]) > 0).all() for kind in ("l1", "l2")
    )  # both worsen the training error
