"""Every number and every claim about Keras that the lesson's prose states.

Where a cell of the lesson computes the number, its own output is compared with the prose; tolerances leave room for
other processors' rounding, never for another story.
"""

from __future__ import annotations

import re
import warnings

import keras
import numpy as np
import pytest
from keras import layers

from course.chapters.dropout import staffing, thinned_network
from course.chapters.dropout.sweep import AXES, KEYS, load_sweep, measure


def near(value: float, within: float):
    return pytest.approx(value, abs=within)


def states(lesson, cell_id: str, *phrases: str) -> None:
    prose = lesson.prose(cell_id)
    for phrase in phrases:
        assert phrase in prose


# --- memorised lies ---------------------------------------------------------------------------------------------------


def test_without_dropout_nearly_every_lie_is_repeated_and_77_per_cent_are_right(lesson_run):
    states(lesson_run, "lies-saw", "nearly every lie", "about 77 %")
    told, lies, test = lesson_run.numbers("lies-train")
    assert told > 0.97
    assert lies > 0.97
    assert test == near(0.77, 0.03)


def test_with_dropout_a_third_of_the_lies_remain_and_ten_points_are_gained(lesson_run):
    states(lesson_run, "lies-dropout-saw", "about a third of the lies", "about ten points")
    repeated, put_right, test = lesson_run.numbers("lies-dropout")
    assert repeated == near(0.35, 0.07)
    assert put_right > 0.5
    assert test - lesson_run.numbers("lies-train")[2] == near(0.10, 0.03)


def test_too_little_dropout_keeps_the_lies_and_too_much_learns_nothing(lesson_run):
    states(lesson_run, "lies-dropout-saw", "too little dropout leaves the lies in", "means of four runs")
    sweep = load_sweep()
    assert len(sweep.seeds) == 4
    assert sweep.mean("memorised", 256, 0.1) > 0.9
    assert sweep.mean("test", 256, 0.9) < 0.5


# --- what it is; the company ------------------------------------------------------------------------------------------


def test_values_become_zero_or_one_and_a_quarter_times_themselves(lesson_run):
    states(lesson_run, "one-mask-saw", "either 0 or 1.25 times itself", "ten numbers went in and ten came out")
    after = lesson_run.printed("one-mask").split("after: ")[1]
    values = np.array([float(v) for v in after.strip(" []\n").split()])
    assert set(np.unique(values / np.arange(1, 11))) == {0.0, 1.25}
    assert len(values) == 10


@pytest.mark.parametrize("rate", np.arange(0, 19) / 20)
def test_the_average_project_gets_what_the_full_staff_delivers_at_every_rate(rate):
    assert staffing.many_deliveries(rate).mean() == near(100, 3)


def test_the_simulators_small_numbers(lesson_run):
    states(lesson_run, "company", "1.43 times the usual", "company of ten", "delivers 100")
    states(lesson_run, "company-try", "more than a third of the projects get nothing", "The result is 100")
    assert staffing.effort(0.3) == near(1.43, 0.005)
    assert len(staffing.STAFF) == 10
    assert staffing.CONTRIBUTIONS.sum() == staffing.FULL_STAFF == 100
    assert (staffing.many_deliveries(0.9) == 0).mean() > 1 / 3
    assert 0.9 ** len(staffing.STAFF) > 1 / 3


def test_the_spread_grows_with_the_rate(lesson_run):
    states(lesson_run, "company-try", "What grows with the rate is the spread")
    spreads = [staffing.many_deliveries(rate).std() for rate in (0.0, 0.2, 0.5, 0.8, 0.9)]
    assert spreads == sorted(spreads)


def test_adaptation_and_robustness_figures(lesson_run):
    states(lesson_run, "adaptation-saw", "55 %", "she carries 22 %", "from 22 % to 57 %", "from 27 % to 34 %")
    never, half = staffing.learned_habits(0.0), staffing.learned_habits(0.5)
    assert [round(100 * never.shares[0]), round(100 * half.shares[0])] == [55, 22]
    assert [round(100 * never.miss), round(100 * never.miss_without_first)] == [22, 57]
    assert [round(100 * half.miss), round(100 * half.miss_without_first)] == [27, 34]
    assert (half.shares[1:] > never.shares[1:]).all()


def test_the_formula_of_adaptation_is_what_least_squares_with_absences_finds():
    rate, rng = 0.5, np.random.default_rng(0)
    wanted = rng.normal(size=200_000)
    estimates = wanted[:, None] + rng.normal(size=(len(wanted), len(staffing.STAFF))) * staffing.UNSTEADINESS
    thinned = estimates * (rng.random(estimates.shape) >= rate) / (1 - rate)
    weights = np.linalg.lstsq(thinned, wanted, rcond=None)[0]
    assert weights / weights.sum() == near(staffing.learned_habits(rate).shares, 0.01)


def test_the_network_drawings_numbers(lesson_run):
    states(lesson_run, "mechanism", "hands on 1.17 in inference")
    states(lesson_run, "mechanism-try", "handed on 2.34, twice its 1.17", "1.25 at 0.2, 2.00 at 0.5, 5.00 at 0.8")
    assert round(thinned_network.forward(1, 0.5, False).values[1][0], 2) == 1.17
    assert round(thinned_network.forward(1, 0.5, True).values[1][0], 2) == 2.34
    assert [thinned_network.forward(1, rate, True).scale for rate in (0.2, 0.5, 0.8)] == near([1.25, 2.0, 5.0], 1e-9)


# --- masks, conventions, the way back ---------------------------------------------------------------------------------


def test_three_ways_to_draw_masks(lesson_run):
    states(lesson_run, "three-masks-saw", "It is A", "number of survivors varies from row to row")
    own, rest = lesson_run.printed("three-masks").split("B: ")
    shared, quota = rest.split("C: ")
    assert "A: own masks: 9 to 13 per sample, the samples' masks differ" in own
    assert "every sample has the same mask" in shared
    assert "10 to 10 per sample" in quota


def test_masks_are_counted_by_passes_and_samples(lesson_run):
    states(lesson_run, "count-masks-saw", "200 passes, and 20,000 masks", "would be 40")
    assert lesson_run.printed("count-masks").split()[2::5][0] == "200"
    assert "20000" in lesson_run.printed("count-masks")


def test_each_convention_agrees_with_itself_and_the_wrong_rule_with_neither(lesson_run):
    states(lesson_run, "two-conventions-saw", "3.00 and 3.00, or 2.40 and 2.40", "gives 0.60")
    assert lesson_run.numbers("two-conventions") == [3.0, 3.0, 2.4, 2.4, 0.6]


def test_the_wrong_rule_hides_from_accuracy_and_shows_in_confidence_and_loss(lesson_run):
    states(lesson_run, "wrong-rule-saw", "from 0.97 to 0.17", "from 0.10 to about 1.8", "drops to 0.95")
    right, classic, wrong = np.array(lesson_run.numbers("wrong-rule")).reshape(3, 3)
    assert wrong[0] == near(right[0], 0.01)
    assert (right[1], classic[1], wrong[1]) == near((0.97, 0.95, 0.17), 0.01)
    assert (right[2], wrong[2]) == near((0.10, 1.78), 0.02)


def test_every_neuron_gets_a_gradient_from_some_sample_although_each_sample_misses_some(lesson_run):
    states(lesson_run, "backward-saw", "every column has other samples", "1 in 2⁶⁴")
    numbers = np.array([float(n) for n in _matrix_numbers(lesson_run.printed("backward-mask"))])
    per_sample, batch = numbers[:20].reshape(4, 5), numbers[20:]
    assert (per_sample == 0).any(axis=0).sum() >= 2
    assert (per_sample > 0).any(axis=0).all()
    assert (batch > 0).all()


def _matrix_numbers(text: str) -> list[str]:
    return [word for word in text.replace("[", " ").replace("]", " ").split() if word[0].isdigit()]


# --- Keras ------------------------------------------------------------------------------------------------------------


def test_dropout_has_no_parameters(lesson_run):
    states(lesson_run, "keras-model-saw", "85,002 parameters either way")
    assert lesson_run.printed("keras-model").count("85002") == 2


def test_input_shape_warns_and_keras_input_does_not(lesson_run):
    states(lesson_run, "keras-model-saw", "still works in Keras 3 but warns")
    with pytest.warns(UserWarning, match="input_shape"):
        layers.Dense(3, input_shape=(4,))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        keras.Sequential([keras.Input((4,)), layers.Dense(3)])


def test_survivors_are_doubled_and_their_number_varies_by_some_dozens(lesson_run):
    states(lesson_run, "keras-half-saw", "Values are 0 or 2", "some dozens around 500")
    printed = lesson_run.printed("keras-half")
    assert "values: [0. 2.]" in printed
    fewest, _to, most = printed.split("per row: ")[1].split()[:3]
    assert 430 < int(fewest) < 480
    assert 520 < int(most) < 570
    assert "two rows alike? False  two passes alike? False" in printed


def test_noise_shape_shares_one_mask(lesson_run):
    default, shared = lesson_run.printed("keras-noise-shape").split("noise_shape")
    assert "samples' masks differ" in default
    assert "every sample has the same mask" in shared


def test_only_training_true_drops_and_trainable_false_changes_nothing(lesson_run):
    states(lesson_run, "which-calls-saw", "Of these only `training=True` drops", "dropout has none")
    lines = lesson_run.printed("which-calls-run").splitlines()
    assert [line.split(": ")[-1] for line in lines] == ["False", "True", "False", "True"]


def test_evaluate_does_not_drop_and_fit_does():
    x = np.ones((64, 32))
    model = keras.Sequential([keras.Input((32,)), layers.Dropout(0.2), layers.Dense(32, kernel_initializer="identity")])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss="mse")
    assert model.evaluate(x, x, verbose=0) == near(0.0, 1e-9)
    assert model.fit(x, x, verbose=0).history["loss"][0] == near(0.25, 0.05)


def test_predict_overrides_training_true_in_a_functional_model(lesson_run):
    states(lesson_run, "stale-recipe-saw", "`predict` overrides the argument")
    lines = lesson_run.printed("stale-recipe").splitlines()
    assert [line.split(": ")[-1].strip() for line in lines] == ["False", "True"]


def test_batch_normalization_that_is_not_trainable_stays_in_inference(lesson_run):
    states(lesson_run, "stale-recipe-saw", "set `trainable = False` on those layers first")
    layer = layers.BatchNormalization()
    x = np.random.default_rng(0).normal(5.0, 3.0, size=(32, 4)).astype("float32")
    layer(x)
    assert not np.allclose(layer(x, training=True), layer(x), atol=0.1)
    layer.trainable = False
    assert np.allclose(layer(x, training=True), layer(x, training=False))


def test_adam_moves_a_weight_whose_gradient_is_zero(lesson_run):
    states(lesson_run, "adam-carries-on-saw", "−0.100, −0.167, −0.219, −0.261")
    weights = [float(line.split("weight ")[1]) for line in lesson_run.printed("adam-carries-on").splitlines()]
    assert weights == near([-0.100, -0.167, -0.219, -0.261], 0.001)


def test_a_seed_repeats_the_sequence_and_not_the_mask(lesson_run):
    states(lesson_run, "small-print-saw", "same **sequence** of masks", "returns zeros only")
    first, second, rate_one = lesson_run.printed("small-print-seed").splitlines()
    masks = [line.split(": ")[1].strip("[]").split("] [") for line in (first, second)]
    assert masks[0][0] == masks[0][1]
    assert masks[1][0] == masks[1][1]
    assert masks[0][0] != masks[1][0]
    assert set(rate_one.split(": ")[1].strip("[]").split()) == {"0."}


def test_a_rate_raised_from_zero_raises(lesson_run):
    states(lesson_run, "small-print-saw", "raising its rate later raises an error")
    assert "AttributeError" in lesson_run.printed("small-print-raises")


def test_a_new_rate_waits_for_compile(lesson_run):
    states(lesson_run, "small-print-saw", "stayed at 1.00 and went to 0.25")
    before, changed, compiled = (
        float(line.split(": ")[1]) for line in lesson_run.printed("small-print-rate").splitlines()
    )
    assert (before, changed) == near((1.0, 1.0), 0.06)
    assert compiled == near(0.25, 0.03)


# --- the experiment ---------------------------------------------------------------------------------------------------


def test_the_learning_curves_move_as_told(lesson_run):
    states(lesson_run, "experiment-saw", "climbs to nearly 1", "about 0.7 (as it should")
    states(lesson_run, "experiment-saw", "peaks above 0.9 within ten epochs", "slips a little too, late in training")
    last, best = np.array(lesson_run.numbers("experiment-fit")).reshape(4, 2).T
    fit_without, fit_with, val_without, val_with = last
    epochs = [int(n) for n in re.findall(r"at epoch (\d+)", lesson_run.printed("experiment-fit"))]
    assert best[2] > 0.9
    assert epochs[2] <= 10
    assert best[2] - val_without > 0.15
    assert 0.02 < best[3] - val_with < 0.15
    assert fit_without > 0.95
    assert fit_with == near(0.7, 0.06)
    assert val_with > val_without + 0.08


def test_the_fair_test_gains_from_dropout(lesson_run):
    states(lesson_run, "experiment-saw", "about 0.73 without, about 0.88 with dropout")
    test_without, lies_without, test_with, lies_with = (
        float(n) for n in lesson_run.printed("experiment-evaluate").split() if n.replace(".", "").isdigit()
    )
    assert (test_without, test_with) == near((0.73, 0.88), 0.035)
    assert lies_without > 0.95
    assert lies_with < 0.45


def test_half_of_the_neurons_away_hurts_the_network_that_never_missed_any(lesson_run):
    states(lesson_run, "robust-saw", "equally good", "about 0.75", "about 0.93")
    all_in, half_in = np.array(lesson_run.numbers("robust-run")).reshape(2, 3)[:, 1:].T
    assert all_in[0] == near(all_in[1], 0.02)
    assert tuple(half_in) == near((0.75, 0.93), 0.03)


def test_fit_reports_less_than_evaluate_on_the_same_rows(lesson_run):
    states(lesson_run, "fit-or-evaluate-saw", "About 0.87, 0.94 and 0.96")
    assert lesson_run.numbers("fit-or-evaluate-run") == near([0.87, 0.94, 0.96], 0.02)


# --- the sweep --------------------------------------------------------------------------------------------------------


def test_wide_networks_want_more_dropout(lesson_run):
    states(lesson_run, "rate", "120 training runs", "three widths, ten rates, four seeds")
    states(lesson_run, "rate-saw", "best at rate 0.1", "best at 0.6, the wide one (512) at 0.8")
    sweep = load_sweep()
    assert [sweep.best_rate(width) for width in (32, 128, 512)] == near([0.1, 0.6, 0.8], 1e-6)
    assert 3 * len(sweep.rates) * len(sweep.seeds) == 120


def test_the_honest_side_is_told_with_the_sweeps_numbers(lesson_run):
    states(lesson_run, "honest-saw", "from 0.778 to 0.916", "between 0.964 and 0.969", "already reaches 0.897")
    sweep = load_sweep()
    assert round(sweep.mean("test", 256, 0.0), 3) == 0.778
    assert round(sweep.mean("test", 256, sweep.best_rate(256)), 3) == 0.916
    clean = [sweep.mean("test_clean", 256, rate) for rate in sweep.rates if rate < 0.65]
    assert (round(min(clean), 3), round(max(clean), 3)) == (0.964, 0.969)
    stopped = [sweep.mean("test_stopped", 256, rate) for rate in sweep.rates]
    assert round(stopped[0], 3) == 0.897
    assert max(stopped) - stopped[0] == near(0.02, 0.005)


@pytest.mark.parametrize(("width", "rate", "seed"), [(32, 0.1, 2), (128, 0.6, 1), (256, 0.0, 3), (256, 0.5, 0)])
def test_points_of_the_stored_sweep_can_be_made_again(width, rate, seed):
    sweep, made = load_sweep(), measure(width, rate, seed)
    for key in KEYS:
        stored = float(sweep.results[key].at(width=width, rate=rate, seed=seed).values)
        assert made[key] == near(stored, 0.03), key


def test_the_stored_sweep_has_the_axes_that_the_script_would_write():
    sweep = load_sweep()
    assert tuple(sweep.results) == KEYS
    for key in KEYS:
        axes = sweep.results[key].axes
        assert list(axes) == list(AXES)
        assert all(np.array_equal(axes[name], axis) for name, axis in AXES.items())
