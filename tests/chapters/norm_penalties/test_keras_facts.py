"""What the lesson, the quiz and the exercises say about penalties in Keras, each run on a model that takes a moment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course import load_keras

keras = load_keras()
layers, optimizers, regularizers = keras.layers, keras.optimizers, keras.regularizers
KERNEL = np.array([[1.0], [-2.0], [3.0], [0.0], [-4.0]])
RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(64, 5)), RNG.normal(size=(64, 1))


def neuron(optimizer: Any = "sgd", loss: str = "mse", **options: Any) -> Any:
    """A layer of one neuron with known weights and a bias of 10, compiled."""
    model = keras.Sequential([keras.Input((5,)), layers.Dense(1, **options)])
    model.set_weights([KERNEL, np.array([10.0])])
    model.compile(optimizer, loss=loss, metrics=["mse"])
    return model


def penalty_of(model: Any) -> float:
    return float(sum(float(each) for each in model.losses))


@pytest.mark.parametrize(
    ("regularizer", "penalty"),
    [
        (regularizers.L2(0.1), 3.0),
        (regularizers.L1(0.1), 1.0),
        (regularizers.L1L2(l1=0.1, l2=0.1), 4.0),
        (regularizers.L1L2(), 0.0),
        ("l1l2", 0.0),
        ("l2", 0.3),
        ("l1", 0.1),
    ],
)
def test_what_a_regularizer_adds(regularizer: Any, penalty: float) -> None:
    assert penalty_of(neuron(kernel_regularizer=regularizer)) == pytest.approx(penalty, abs=1e-5)


def test_the_quiz_adds_1_for_two_weights() -> None:
    assert float(regularizers.L2(0.2)(np.array([-1.0, 2.0]))) == pytest.approx(1.0)


@pytest.mark.parametrize("batch_size", [1, 8, 64])
def test_the_penalty_is_in_evaluate_whatever_the_batch(batch_size: int) -> None:
    loss, mse = neuron(kernel_regularizer=regularizers.L2(0.1)).evaluate(X, Y, batch_size=batch_size, verbose=0)
    assert loss - mse == pytest.approx(3.0, abs=1e-3)


def test_the_penalty_is_in_the_losses_of_fit_and_in_no_metric_or_prediction() -> None:
    model = neuron(optimizers.SGD(0.0), kernel_regularizer=regularizers.L2(0.1))
    history = model.fit(X, Y, validation_data=(X, Y), verbose=0).history
    for prefix in ("", "val_"):
        assert history[f"{prefix}loss"][0] - history[f"{prefix}mse"][0] == pytest.approx(3.0, abs=1e-3)
    assert model.predict(X, verbose=0) == pytest.approx(X @ KERNEL + 10, abs=1e-4)


def test_a_regularizer_that_is_set_after_the_layer_was_built_is_ignored() -> None:
    model = neuron()
    model.layers[0].kernel_regularizer = regularizers.L2(0.1)
    model.compile("sgd", "mse")
    assert penalty_of(model) == 0.0


def test_before_the_layer_has_its_weights_it_counts() -> None:
    model = keras.Sequential([keras.layers.Dense(1)])
    model.layers[0].kernel_regularizer = regularizers.L2(0.1)
    model.build((None, 5))
    assert penalty_of(model) > 0


def test_early_stopping_can_monitor_a_metric_and_knows_that_less_is_better() -> None:
    stop = keras.callbacks.EarlyStopping("val_mse", patience=1)
    neuron(kernel_regularizer="l2").fit(X, Y, validation_data=(X, Y), callbacks=[stop], verbose=0)
    assert stop.monitor_op(1.0, 2.0)
    assert not stop.monitor_op(2.0, 1.0)


def test_an_activity_regularizer_charges_for_outputs() -> None:
    model = neuron(activity_regularizer=regularizers.L2(0.1))
    outputs = np.asarray(model(X))
    assert penalty_of(model) == pytest.approx(0.1 * (outputs**2).sum() / len(X), rel=1e-4)


def test_a_penalty_holds_for_its_layer_only() -> None:
    model = keras.Sequential([keras.Input((5,)), layers.Dense(3, kernel_regularizer="l2"), layers.Dense(1)])
    assert len(model.losses) == 1


def test_the_gradient_of_an_absolute_value_is_0_at_0() -> None:
    """So that exercise 2 and Keras agree, and a weight that is exactly 0 is not pushed."""
    model = neuron(optimizers.SGD(0.1), kernel_regularizer=regularizers.L1(1.0))
    zeros = np.zeros((8, 5))
    model.fit(zeros, zeros[:, :1] + 10, verbose=0)
    assert model.get_weights()[0][:, 0] == pytest.approx([0.9, -1.9, 2.9, 0.0, -3.9])


@pytest.mark.parametrize("optimizer", [optimizers.AdamW, optimizers.Adam])
def test_weight_decay_multiplies_by_the_rate_and_shrinks_the_bias_too(optimizer: Any) -> None:
    model = neuron(optimizer(0.1, weight_decay=0.5))
    zeros = np.zeros((8, 5))
    model.fit(zeros, zeros[:, :1] + 10, verbose=0)
    kernel, bias = model.get_weights()
    assert kernel == pytest.approx(0.95 * KERNEL, abs=1e-5)
    assert bias == pytest.approx([9.5], abs=1e-5)


def test_excluding_the_bias_has_an_effect_before_the_first_fit_only() -> None:
    zeros = np.zeros((8, 5))
    for early in (True, False):
        model = neuron(optimizers.AdamW(0.1, weight_decay=0.5))
        if not early:
            model.fit(zeros, zeros[:, :1] + 10, verbose=0)
            model.set_weights([KERNEL, np.array([10.0])])
        model.optimizer.exclude_from_weight_decay(var_names=["bias"])
        model.fit(zeros, zeros[:, :1] + 10, verbose=0)
        assert model.get_weights()[1] == pytest.approx([10.0 if early else 9.5], abs=1e-4)


def test_the_usual_weight_decay_of_adamw_shrinks_by_a_fraction_of_a_percent() -> None:
    assert optimizers.AdamW().weight_decay == 0.004
    assert pytest.approx(0.002, abs=0.0005) == 1 - (1 - 0.003 * 0.004) ** 200


def test_adam_with_weight_decay_is_adamw() -> None:
    found = []
    for optimizer in (optimizers.AdamW, optimizers.Adam):
        model = neuron(optimizer(0.01, weight_decay=0.5))
        model.fit(X, Y, epochs=3, shuffle=False, verbose=0)
        found.append(model.get_weights()[0])
    assert np.array_equal(*found)
