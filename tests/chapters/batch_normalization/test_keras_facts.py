"""What the lesson, the quiz and the exercises say about BatchNormalization in Keras, each run on a small layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course import load_keras
from course.chapters.batch_normalization.deep import norms_of
from course.chapters.batch_normalization.exercises.freeze_bn import nested_model
from tests.chapters.batch_normalization.own import own

keras = load_keras()
layers, optimizers = keras.layers, keras.optimizers
RNG = np.random.default_rng(0)
X, Y = RNG.normal(5, 2, (32, 4)).astype("float32"), RNG.normal(size=(32, 2)).astype("float32")


def network(use_bias: bool = False, **options: Any) -> Any:
    """Dense, batch normalization, ReLU and an output, compiled; options: of the BatchNormalization."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, use_bias=use_bias)])
    model.add(layers.BatchNormalization(**options))
    model.add(layers.ReLU())
    model.add(layers.Dense(2))
    model.compile(optimizers.SGD(0.1), "mse")
    return model


def moved(model: Any, call: Callable[[Any], Any]) -> float:
    """How far a call moves the moving mean."""
    (norm,) = norms_of(model)
    before = np.array(norm.moving_mean)
    call(model)
    return float(np.abs(np.array(norm.moving_mean) - before).max())


def test_the_defaults_are_those_of_the_lesson() -> None:
    norm = layers.BatchNormalization()
    norm.build((None, 256))
    assert (norm.momentum, norm.epsilon) == (0.99, 0.001)
    assert sum(int(np.prod(w.shape)) for w in norm.trainable_weights) == 512
    assert norm.count_params() == 1024
    starts = [float(np.array(w)[0]) for w in (norm.gamma, norm.beta, norm.moving_mean, norm.moving_variance)]
    assert starts == [1, 0, 0, 1]


def test_in_training_keras_does_what_exercise_1_does() -> None:
    norm = layers.BatchNormalization()
    norm.build((None, 4))
    gamma, beta = np.array([1.0, 2.0, -1.0, 0.5], "float32"), np.array([0.0, 1.0, 2.0, 3.0], "float32")
    norm.gamma.assign(gamma)
    norm.beta.assign(beta)
    out, _mean, _var = own("bn_train")(X.astype(np.float64), gamma, beta)
    assert np.array(norm(X, training=True)) == pytest.approx(out, abs=1e-4)


def test_the_moving_averages_are_those_of_exercise_2() -> None:
    """With the variance that divides by n."""
    norm = layers.BatchNormalization(momentum=0.7)
    norm(X, training=True)
    mean, var = own("bn_moving")(np.zeros(4), np.ones(4), X.astype(np.float64), 0.7)
    assert np.array(norm.moving_mean) == pytest.approx(mean, rel=1e-5)
    assert np.array(norm.moving_variance) == pytest.approx(var, rel=1e-4)


def test_a_folded_layer_predicts_what_two_layers_predict() -> None:
    model = network()
    model.fit(X, Y, epochs=5, verbose=0)
    (norm,) = norms_of(model)
    kernel = np.array(model.layers[0].kernel)
    parts = [np.array(w) for w in (norm.moving_mean, norm.moving_variance, norm.gamma, norm.beta)]
    new_kernel, bias = own("fold")(kernel, *parts)
    assert X @ new_kernel + bias == pytest.approx(np.array(norm(model.layers[0](X))), abs=1e-4)


@pytest.mark.parametrize(
    ("call", "moves"),
    [
        (lambda model: model.predict(X, verbose=0), False),
        (lambda model: model.evaluate(X, Y, verbose=0), False),
        (lambda model: model(X), False),
        (lambda model: model(X, training=True), True),
        (lambda model: model.fit(X, Y, verbose=0), True),
    ],
    ids=["predict", "evaluate", "call", "training", "fit"],
)
def test_which_calls_move_the_averages(call: Callable[[Any], Any], moves: bool) -> None:
    assert (moved(network(), call) > 1e-3) == moves


def test_a_row_is_predicted_alike_in_any_company() -> None:
    model = network()
    model.fit(X, Y, verbose=0)
    assert model.predict(X[:1], verbose=0) == pytest.approx(model.predict(X, verbose=0)[:1], abs=1e-6)
    alone, among = (np.array(model(rows, training=True))[0] for rows in (X[:2], X))
    assert np.abs(alone - among).max() > 0.01


def test_a_batch_of_one_row_leaves_beta() -> None:
    norm = layers.BatchNormalization()
    norm.build((None, 4))
    norm.beta.assign([5.0, 6.0, 7.0, 8.0])
    for row in (X[:1], X[1:2]):
        assert np.array(norm(row, training=True)) == pytest.approx(np.array([[5, 6, 7, 8]]), abs=1e-5)


def test_a_bias_before_batch_normalization_changes_nothing_in_training() -> None:
    model = network(use_bias=True)
    before = np.array(model(X, training=True))
    model.layers[0].bias.assign([100.0, -7.0, 3.0])
    assert np.array(model(X, training=True)) == pytest.approx(before, abs=1e-4)


def test_a_frozen_layer_uses_its_averages_and_leaves_them_alone() -> None:
    model = network()
    model.fit(X, Y, verbose=0)
    (norm,) = norms_of(model)
    norm.trainable = False
    assert moved(model, lambda model: model(X, training=True)) == 0
    assert np.array_equal(np.array(model(X, training=True)), np.array(model(X)))


def test_fit_notices_a_frozen_layer_only_after_another_compile() -> None:
    model = network()
    model.fit(X, Y, verbose=0)
    norms_of(model)[0].trainable = False
    assert moved(model, lambda model: model.fit(X, Y, verbose=0)) > 1e-3
    model.compile(optimizers.SGD(0.1), "mse")
    assert moved(model, lambda model: model.fit(X, Y, verbose=0)) == 0


def test_a_momentum_of_1_keeps_the_averages_and_still_uses_the_batch() -> None:
    model = network(momentum=1.0)
    assert moved(model, lambda model: model(X, training=True)) == 0
    assert np.abs(np.array(model(X, training=True)) - np.array(model(X))).max() > 0.01


def test_a_fresh_layer_divides_by_nearly_1_at_inference() -> None:
    assert np.array(layers.BatchNormalization()(np.array([[1.0]])))[0, 0] == pytest.approx(0.9995, abs=5e-5)


def test_models_inside_a_model_are_one_layer_of_it() -> None:
    model = nested_model(keras, 1)
    assert len(norms_of(model)) == 1
    inside = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    assert [len(norms_of(each)) for each in inside] == [1]


def test_layer_normalization_has_no_modes_and_normalization_adapts_once() -> None:
    norm = layers.LayerNormalization()
    assert np.array_equal(np.array(norm(X, training=True)), np.array(norm(X)))
    assert np.array(norm(X[:1])) == pytest.approx(np.array(norm(X))[:1], abs=1e-5)
    inputs = layers.Normalization()
    inputs.adapt(X)
    assert np.array(inputs(X)).mean(axis=0) == pytest.approx(0, abs=1e-4)
    assert inputs.trainable_weights == []


@pytest.mark.parametrize(
    ("given", "options", "in_order"),
    [("arrays", {}, False), ("arrays", {"shuffle": False}, True), ("dataset", {}, True)],
)
def test_fit_shuffles_arrays_unless_it_is_told_not_to_and_no_dataset(
    given: str, options: dict[str, bool], in_order: bool
) -> None:
    import tensorflow as tf

    seen: list[float] = []

    class Watched(keras.Model):  # type: ignore[misc]
        def train_step(self, data: Any) -> dict[str, Any]:
            seen.extend(data[0].numpy()[:, 0].tolist())
            return {"loss": tf.constant(0.0)}

    inputs = keras.Input((1,))
    model = Watched(inputs, layers.Dense(1)(inputs))
    model.compile("sgd", "mse", run_eagerly=True)
    x = np.arange(64.0).reshape(64, 1)
    if given == "dataset":
        model.fit(tf.data.Dataset.from_tensor_slices((x, x)).batch(8), verbose=0, **options)
    else:
        model.fit(x, x, batch_size=8, verbose=0, **options)
    assert sorted(seen) == x[:, 0].tolist()
    assert (seen == x[:, 0].tolist()) == in_order
