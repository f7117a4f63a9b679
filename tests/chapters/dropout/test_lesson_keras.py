"""What Dropout's lesson says of Keras: the curves of its two networks, and which calls drop."""

from __future__ import annotations

import re

import keras
import numpy as np
import pytest
from keras import layers

from course.chapters.overfitting.stopping import last_and_best
from course.chapters.overfitting.studies import load_studies
from course.lessons.patients import load_patients

near = pytest.approx


def test_dropout_has_no_parameters(lesson_run):
    lesson_run.states("one-mask-saw", "the network keeps its shape and its weights")
    counts = []
    for rate in (0.0, 0.5):
        stack = [layers.Dense(256, activation="relu"), layers.Dropout(rate), layers.Dense(1)]
        counts.append(keras.Sequential([keras.Input((10,)), *stack]).count_params())
    assert counts[0] == counts[1]


def curves(lesson_run) -> dict[str, tuple[int, int, int]]:
    """By network: points on training patients, on validation patients, and the lowest of the latter."""
    pattern = (
        r"(Without dropout|Dropout\(0\.5\)): the error on training patients ends at (\d+) points, on validation "
        r"patients at (\d+) \(lowest: (\d+), at epoch \d+\)\."
    )
    found = re.findall(pattern, lesson_run.printed("keras-fit"))
    return {name: tuple(int(n) for n in numbers) for name, *numbers in found}


def test_the_curves_move_as_told(lesson_run):
    lesson_run.states("keras-saw", "the validation error is lowest early, near 47 points, then climbs to about 53")
    lesson_run.states("keras-saw", "while the training error falls to 11")
    lesson_run.states("keras-saw", "With dropout, the validation error ends at about 48, little above its lowest, 45")
    without, with_dropout = curves(lesson_run).values()
    assert without == near((11, 53, 47), abs=3)
    assert with_dropout == near((41, 48, 45), abs=3)
    assert without[1] - without[2] > with_dropout[1] - with_dropout[2]
    assert without[1] > with_dropout[1]
    (epoch,) = re.findall(r"Without dropout: .+?, at epoch (\d+)\)", lesson_run.printed("keras-fit"))
    assert int(epoch) <= 20  # early, of 40 epochs


def test_early_stopping_brings_the_test_error_as_far_as_dropout(lesson_run):
    lesson_run.states("keras-saw", "it brings the test error to 47 points as well (Chapter 1)")
    _last, best = last_and_best(load_studies(), "test")  # what 2-1 tells of
    assert round(best.mean()) == 47


def test_the_learning_rate_is_told(lesson_run):
    lesson_run.states("keras", "`Adam` (at 1e-3 = 0.001;")
    assert "keras.optimizers.Adam(1e-3)" in lesson_run.cell("keras-fit").source


def test_with_smaller_steps_the_training_error_does_not_jump(lesson_run):
    lesson_run.states("keras", "with the 3e-3 of the stored runs the curves jump")
    patients = load_patients(seed=3)

    def largest_rise(step: float) -> float:
        """Of the training error within five epochs, in points, after the first ten epochs."""
        keras.utils.set_random_seed(3)
        hidden = [layers.Dense(256, activation="relu"), layers.Dense(256, activation="relu")]
        model = keras.Sequential([keras.Input((10,)), *hidden, layers.Dense(1)])
        model.compile(optimizer=keras.optimizers.Adam(step), loss="mse", metrics=["mae"])
        told = model.fit(patients.x_train, patients.y_train, batch_size=20, epochs=40, verbose=0).history["mae"]
        return float(100 * np.max(np.array(told)[15:] - np.array(told)[10:-5]))

    assert largest_rise(3e-3) > 10
    assert largest_rise(1e-3) < 1


def test_fit_measures_the_training_error_with_dropout_on_and_evaluate_with_every_neuron(lesson_run):
    lesson_run.states(
        "keras-saw",
        "`fit` measures the training error with dropout on, and while the network still learns (41 points)",
        "`evaluate` at the end and with every neuron (0.36, that is 36)",
    )
    (by_evaluate,) = re.findall(r"training mae by evaluate: ([\d.]+)", lesson_run.printed("keras-fit"))
    assert float(by_evaluate) == near(0.36, abs=0.03)
    lesson_run.states("which-calls-saw", "`fit` trains with `training=True`, and `evaluate` does as `predict`")
    ones = np.ones((200, 50))
    copy = keras.Sequential([keras.Input((50,)), layers.Dropout(0.2), layers.Dense(50, kernel_initializer="identity")])
    copy.compile(optimizer=keras.optimizers.SGD(0.0), loss="mse")
    assert copy.fit(ones, ones, verbose=0).history["loss"][0] == near(0.25, abs=0.05)
    assert copy.evaluate(ones, ones, verbose=0) == 0


def test_training_true_drops_and_predict_and_a_plain_call_do_not(lesson_run):
    lesson_run.states("which-calls-saw", "`model(x, training=True)` drops, and doubles what is left")
    shown = {}
    for line in lesson_run.printed("which-calls").strip().splitlines():
        call, values = re.fullmatch(r"(.+?) +\[(.+)\]", line).groups()
        shown[call] = {float(value) for value in values.split()}
    assert shown == {"predict(x)": {1.0}, "model(x)": {1.0}, "model(x, training=True)": {0.0, 2.0}}


def test_a_layer_built_with_training_true_drops_in_a_plain_call_and_not_in_predict(lesson_run):
    lesson_run.states("which-calls-saw", "in a *Functional* model", "drops in a plain `model(x)` too")
    inputs = keras.Input((50,))
    model = keras.Model(inputs, layers.Dropout(0.5)(inputs, training=True))
    ones = np.ones((4, 50), dtype=np.float32)
    assert not np.array_equal(model(ones), ones)
    assert np.array_equal(model(ones, training=False), ones)
    assert np.array_equal(model.predict(ones, verbose=0), ones)


def test_trainable_false_does_not_switch_dropout_off(lesson_run):
    lesson_run.states("which-calls-saw", "`trainable = False` does not switch dropout off")
    layer = layers.Dropout(0.5)
    layer.trainable = False
    assert (np.array(layer(np.ones((4, 50)), training=True)) == 0).any()
