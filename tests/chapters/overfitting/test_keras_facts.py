"""What the lesson and the quiz say about Keras, each run on a network that takes a moment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course import load_keras
from course.chapters.overfitting.early_stopping import stop_of
from course.lessons.arrays import Floats
from course.lessons.digits import load_digits, load_images

keras = load_keras()
LOSSES = [1.0, 0.8, 0.9, 0.85, 0.7, 0.75, 0.74, 0.73, 0.72, 0.71]


class Scripted(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no types
    """Writes the given values into the history, and a weight that tells the epoch into the model."""

    def __init__(self, values: list[float]) -> None:
        super().__init__()
        self.values = values

    def on_epoch_end(self, epoch: int, logs: dict[str, float]) -> None:
        logs["val_loss"] = self.values[epoch]
        self.model.layers[0].kernel.assign([[float(epoch + 1)]])


@pytest.fixture(scope="module")
def one_weight() -> Any:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer=keras.optimizers.SGD(0.0), loss="mse")
    return model


def stopped(model: Any, values: list[float], **options: Any) -> tuple[int, int, int]:
    """The best epoch, the epochs run, and the epoch whose weights the model then has."""
    stop = keras.callbacks.EarlyStopping("val_loss", **options)
    x = np.ones((1, 1), "float32")
    history = model.fit(x, x, epochs=len(values), verbose=0, callbacks=[Scripted(values), stop]).history
    return stop.best_epoch + 1, len(history["loss"]), int(model.layers[0].kernel.numpy()[0, 0])


def test_by_default_the_weights_of_the_last_epoch_stay(one_weight: Any) -> None:
    assert stopped(one_weight, LOSSES, patience=3) == (5, 8, 8)
    assert stopped(one_weight, LOSSES, patience=3, restore_best_weights=True) == (5, 8, 5)


def test_the_exercises_example_is_what_keras_does(one_weight: Any) -> None:
    found = [stopped(one_weight, LOSSES, patience=patience)[:2] for patience in (2, 3, 4)]
    assert found == [(2, 4), (5, 8), (5, 9)]


def test_an_equal_value_is_no_new_best(one_weight: Any) -> None:
    assert stopped(one_weight, [0.5, 0.4, 0.4, 0.4, 0.3], patience=2)[:2] == (2, 4)


def test_the_rule_of_the_figures_is_that_of_keras(one_weight: Any) -> None:
    rng = np.random.default_rng(0)
    for _run in range(8):
        values, patience = rng.random(10).round(2), int(rng.integers(1, 5))
        stop = stop_of(values, patience)
        assert stopped(one_weight, values.tolist(), patience=patience)[:2] == (stop.best, stop.ran)


def test_validation_split_takes_the_last_rows_before_shuffling() -> None:
    x, y = load_images()
    order = np.argsort(y, kind="stable")
    scores = {}
    for name, rows in (("sorted", order), ("shuffled", np.random.default_rng(0).permutation(len(x)))):
        history = (
            classifier(64).fit(x[rows], y[rows], validation_split=0.2, epochs=5, batch_size=100, verbose=0).history
        )
        scores[name] = history["val_accuracy"][-1]
    assert set(y[order][int(0.8 * len(y)) :]) == {7, 8, 9}
    assert scores["sorted"] < 0.1
    assert scores["shuffled"] > 0.85


def test_the_training_score_of_fit_is_an_average_over_the_epoch() -> None:
    digits = load_digits(wrong_share=0.0, seed=0)
    keras.utils.set_random_seed(0)
    model = classifier(256)
    validation = (digits.x_validation, digits.y_validation)
    history = model.fit(digits.x_train, digits.y_train, validation_data=validation, batch_size=25, verbose=0).history
    after = model.evaluate(digits.x_train, digits.y_train, verbose=0)[1]
    assert history["accuracy"][0] + 0.05 < history["val_accuracy"][0] < after + 0.05


def test_a_second_fit_goes_on_from_the_weights_that_the_network_has() -> None:
    digits = load_digits(wrong_share=0.0, seed=0)
    keras.utils.set_random_seed(0)
    model = classifier(64)
    first, second = (
        model.fit(digits.x_train, digits.y_train, epochs=4, verbose=0).history["loss"] for _fit in range(2)
    )
    assert second[0] < first[-1] < first[0]


def test_the_loss_can_rise_while_accuracy_stays() -> None:
    """The quiz's question: two wrong answers of ten, first hesitant and then certain."""
    labels, mild, sure = np.zeros(10), probabilities(0.6), probabilities(0.999)
    losses = [float(keras.losses.sparse_categorical_crossentropy(labels, p).numpy().mean()) for p in (mild, sure)]
    assert losses[1] > losses[0]
    assert [int((p.argmax(axis=1) != labels).sum()) for p in (mild, sure)] == [2, 2]


def probabilities(certainty: float) -> Floats:
    right = np.tile([certainty, 1 - certainty], (8, 1))
    return np.vstack([right, 1 - right[:2]])


def classifier(width: int) -> Any:
    hidden = [keras.layers.Dense(width, activation="relu") for _layer in range(2)]
    model = keras.Sequential([keras.Input((64,)), *hidden, keras.layers.Dense(10, activation="softmax")])
    model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model
