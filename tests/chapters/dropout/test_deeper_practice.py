"""Every number and every claim about Keras in deeper-practice.ipynb, which is executed once.

Where a cell computes the number, its own output is compared with the prose; tolerances leave room for other
processors' rounding, never for another story.
"""

from __future__ import annotations

import re

import keras
import numpy as np
import pytest
from keras import layers

from course.chapters.dropout import lesson, placement
from course.chapters.dropout.studies import load_studies
from course.chapters.dropout.sweep import CHOSEN_BY, load_sweep
from tests.lesson_run import LessonRun, assert_runs_clean, caption, near, run_lesson


@pytest.fixture(scope="module")
def practice() -> LessonRun:
    return run_lesson("2-4-dropout", "deeper-practice")


def test_runs_to_the_end_without_an_error_or_a_warning(practice):
    assert_runs_clean(practice)


def test_which_calls_drop_and_trainable_false_changes_nothing(practice):
    practice.states("calls-saw", "only the call with `training=True` drops", "a Dropout layer has none")
    assert [line.split(": ")[-1].split()[-1] for line in practice.lines("calls-run")] == [
        *("False", "False", "True", "True"),
    ]


def test_evaluate_drops_nothing_and_fit_does(practice):
    practice.states("calls-fit-saw", "reports 0.00", "about 0.25")
    (evaluated,), (fitted,) = practice.decimals("calls-fit")
    assert evaluated == 0.0
    assert fitted == near(0.25, 0.02)


def test_the_tape_turns_nothing_on(practice):
    practice.states("calls-tape-saw", "does not turn dropout on", "loss 0.00")
    (plain,), (training,) = practice.decimals("calls-tape")
    assert plain == 0.0
    assert training == near(0.25, 0.03)


def test_the_loss_of_the_own_training_steps_falls(practice):
    practice.states("tape-saw", "The loss falls")
    (first,), (last,) = practice.decimals("tape-step")
    assert last < first / 2


def test_a_layer_built_with_training_true_drops_in_a_plain_call_until_the_call_says_otherwise(practice):
    practice.states("calls-built-saw", "The plain call drops", "`training=False` stops", "and so does `predict`")
    practice.states("calls-built-saw", "otherwise gets the mode of the outer call", "drops even in `predict`")
    assert [line.split()[-1] for line in practice.lines("calls-built")] == [
        *("True", "False", "False", "True"),
        *("False", "True"),
    ]


def test_a_layer_of_ones_own_that_calls_dropout_with_training_true_drops_in_predict():
    class AlwaysDrops(layers.Layer):
        def __init__(self):
            super().__init__()
            self.dropout = layers.Dropout(0.5)

        def call(self, x):
            return self.dropout(x, training=True)

    model = keras.Sequential([keras.Input((64,)), AlwaysDrops()])
    assert (model.predict(np.ones((8, 64)), verbose=0) == 0).any()


def test_evaluate_stops_it_as_well():
    inputs = keras.Input((64,))
    built = keras.Model(inputs, layers.Dropout(0.5)(inputs, training=True))
    built.compile(loss="mse")
    assert built.evaluate(np.ones((8, 64)), np.ones((8, 64)), verbose=0) == 0.0


def test_what_becomes_of_the_wrong_labels(practice):
    practice.states("wrong-labels-saw", "repeats 25 %", "20 to 37 %", "71 %", "Only 6 %", "88 % are corrected")
    sweep = load_sweep()
    half = sweep.scores("memorised", 256, 0.5)
    assert [round(n, 2) for n in (half.mean(), half.min(), half.max())] == [0.25, 0.20, 0.37]
    assert round(sweep.mean("put_right", 256, 0.5), 2) == 0.71
    assert [round(sweep.mean(key, 256, 0.7), 2) for key in ("memorised", "put_right")] == [0.06, 0.88]
    assert sweep.mean("memorised", 256, 0.0) > 0.99
    assert [round(sweep.mean(key, 256, 0.9), 2) for key in ("memorised", "put_right")] == [0.13, 0.30]
    assert caption(lesson.label_noise_explorer()).startswith("Rate 0.5, mean of 4 seeds: 25 % of the wrong labels")


def test_a_seed_repeats_the_sequence_and_not_the_mask(practice):
    practice.states("small-print-seed-saw", "the same *sequence* of masks", "it returns only zeros")
    first, second, rate_one = practice.lines("small-print-seed")
    masks = [line.split(": ")[1].strip("[]").split("] [") for line in (first, second)]
    assert masks[0][0] == masks[0][1]
    assert masks[1][0] == masks[1][1]
    assert masks[0][0] != masks[1][0]
    assert set(rate_one.split(": ")[1].strip("[]").split()) == {"0."}


def test_a_rate_raised_from_zero_raises_and_a_new_rate_waits_for_compile(practice):
    practice.states("small-print-zero-saw", "has no `seed_generator`")
    assert "no attribute 'seed_generator'" in practice.printed("small-print-zero")
    practice.states("small-print-rate-saw", "still about 1", "about 0.25")
    before, changed, compiled = (row[-1] for row in practice.decimals("small-print-rate"))
    assert (before, changed) == near((1.0, 1.0), 0.06)
    assert compiled == near(0.25, 0.03)


def test_fit_reports_less_than_evaluate_on_the_same_rows(practice):
    practice.states("fit-evaluate-saw", "about 0.87", "about 0.96", "about 0.94")
    assert [row[0] for row in practice.decimals("fit-evaluate-run")] == near([0.87, 0.94, 0.96], 0.025)


def test_fits_own_line_lags_and_evaluate_is_high_on_learnt_wrong_labels(practice):
    practice.states("epochs-lab-saw", "`fit` reports 0.83", "finds 0.97", "ends at 1.00", "0.72", "only 0.81", "(0.86)")
    practice.states("epochs-lab-saw", "from epoch 10 on, the lines of `fit` and `evaluate` are the same")
    studies = load_studies()
    assert "fit reports 0.83, evaluate 0.97" in caption(lesson.epochs_lab())
    none, half = studies.curve(0.0, "noisy"), studies.curve(0.5, "noisy")
    assert [round(none[name][-1], 2) for name in ("evaluate", "validation")] == [1.0, 0.72]
    assert [round(half[name][-1], 2) for name in ("evaluate", "validation")] == [0.81, 0.86]
    clean = studies.curve(0.0, "right")
    assert abs(clean["fit"][9:] - clean["evaluate"][9:]).max() < 0.01


def test_the_rate_is_chosen_by_validation_and_rises_with_the_width(practice):
    practice.states("sweep-lab-saw", "0.1 for 32 neurons, at 0.6 for 128 and 256, and at 0.7 for 512", "less than 0.02")
    practice.states("sweep", "chosen by **validation** accuracy")
    sweep = load_sweep()
    for width, rate in ((32, 0.1), (128, 0.6), (256, 0.6), (512, 0.7)):
        validation = sweep.at_width("validation", width).mean(axis=1)
        assert sweep.rates[validation.argmax()] == near(rate, 1e-6)
        assert sweep.best_rate_by_validation(width) == near(rate, 1e-6)
    assert np.ptp(sweep.at_width("validation", 32).mean(axis=1)[:4]) < 0.02
    assert np.ptp(sweep.at_width("validation_clean", 512).mean(axis=1)[:8]) < 0.02


def test_a_difference_below_the_spread_is_none():
    sweep = load_sweep()
    for key, chosen_by in CHOSEN_BY.items():
        for width in sweep.widths.tolist():
            values = sweep.at_width(chosen_by, width)
            best = values.mean(axis=1).argmax()
            kept = sweep.as_good(width, key)
            assert sweep.best_rate_by_validation(width, key) in kept
            for rate, runs in zip(sweep.rates, values, strict=True):
                within = values[best].mean() - runs.mean() <= values[best].std(ddof=1)
                assert (rate in kept) == within


def test_what_dropout_gains_on_the_test_rows(practice):
    practice.states(
        "sweep-test-saw",
        "12 to 14 percentage points",
        "gains 0.007",
        "about 0.90",
        "2 to 3 percentage points",
        "at most 0.005",
    )
    sweep = load_sweep()
    gain = {
        (key, width): sweep.mean(key, width, sweep.best_rate_by_validation(width, key)) - sweep.mean(key, width, 0.0)
        for key in CHOSEN_BY
        for width in (32, 128, 256, 512)
    }
    assert all(0.115 < gain["test", width] < 0.145 for width in (128, 256, 512))
    assert gain["test", 32] == near(0.007, 0.0005)
    assert gain["test", 32] < sweep.scores("test", 32, 0.1).std(ddof=1)
    assert all(0.015 < gain["test_stopped", width] < 0.035 for width in (128, 256, 512))
    assert all(sweep.mean("test_stopped", width, 0.0) == near(0.9, 0.005) for width in (128, 256, 512))
    assert all(abs(gain["test_clean", width]) <= 0.0055 for width in (32, 128, 256, 512))
    printed = [row[-3:] for row in practice.decimals("sweep-test") if row]
    assert printed[1] == near([0.6, 0.918, 0.009], 1e-6)


def test_dropout_may_stand_on_either_side_of_relu_and_not_of_a_sigmoid(practice):
    practice.states("placement-activation-saw", "sigmoid(0) is 0.5")
    assert [line.split()[-1] for line in practice.lines("placement-activation")] == ["True", "False"]


def test_the_variance_shift(practice):
    practice.states(
        "variance-shift-saw", "0.85 in training and 0.34 at inference", "0.63 instead of 1", "Li et al. 2018"
    )
    found = placement.variance_shift(0.5, dropout_first=True)
    assert [round(n, 2) for n in (found.trained, found.met, found.spread)] == [0.85, 0.34, 0.63]
    assert placement.variance_shift(0.5, dropout_first=False).spread == 1.0


def test_stacked_the_usual_order_meets_the_next_batchnorm(practice):
    practice.states("order-builder-saw", "a standard deviation of 0.64", "Both standard deviations are 1.00")
    practice.states("order-builder-saw", "Now both blocks are affected: 0.64 and 0.41")
    usual, _relu, worst, without = placement.BLOCKS

    def spreads(block, where, rate=0.5):
        return list(placement.norm_spreads(placement.two_blocks(block, where), rate).values())

    assert spreads(usual, "both") == near([1.0, 0.64], 0.01)
    assert spreads(usual, "last") == near([1.0, 1.0], 0.01)
    assert spreads(worst, "both") == near([0.64, 0.41], 0.01)
    assert min(spreads(usual, "both", 0.1)) > 0.9
    assert placement.norm_spreads(placement.two_blocks(without, "both"), 0.5) == {}
    assert "1.00, 0.64" in caption(lesson.order_builder())


def test_keras_agrees_on_two_blocks(practice):
    practice.states("two-blocks-saw", "a standard deviation of 0.64", "otherwise both are at 1.00")
    assert practice.decimals("two-blocks-run") == near(np.array([[1.0, 0.64], [1.0, 1.0], [1.0, 1.0]]), 0.02)


def test_other_remedies(practice):
    practice.states("partners-lab-saw", "0.778 ± 0.009", "0.871 ± 0.016", "0.899 ± 0.013", "0.914 ± 0.006")
    practice.states("partners-lab-saw", "0.915 and 0.909", "0.933 ± 0.007", "between 0.897 and 0.930")
    text = caption(lesson.partners_lab())
    for told in ("no remedy 0.778 ± 0.009", "max-norm 0.871 ± 0.016", "L2 0.899 ± 0.013", "dropout 0.914 ± 0.006"):
        assert told in text
    for told in ("dropout + max-norm 0.915", "dropout + L2 0.909", "inputs too 0.933 ± 0.007"):
        assert told in text
    lab = lesson.partners_lab()
    lab.controls["early_stopping"].value = True
    means = [float(n) for n in re.findall(r"(\d\.\d{3}) ±", caption(lab))]
    assert (min(means), max(means)) == (0.897, 0.930)
