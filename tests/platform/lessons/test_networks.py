"""The NumPy network and its masks: gradients by a second road, what each partner of training does to the weights."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.lessons import networks
from course.lessons.digits import load_digits
from course.lessons.masks import dropout_mask, keep_of
from course.lessons.metrics import accuracy, softmax
from course.lessons.networks import Recipe, logits_of, train_sizes

# trained each time: tests/remembered.py would give the same network again
train, train_epochs = networks.train.__wrapped__, networks.train_epochs.__wrapped__


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(networks, "train_epochs", train_epochs)


@given(rate=st.floats(0.0, 0.95), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_a_mask_holds_zero_or_the_compensation_and_keeps_about_its_share(rate, seed):
    mask = dropout_mask(np.random.default_rng(seed), (100, 200), rate)
    kept = mask > 0
    assert np.allclose(mask[kept], 1 / (1 - rate), rtol=1e-5)
    assert kept.mean() == pytest.approx(1 - rate, abs=0.03)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 2.0, float("nan")])
def test_a_rate_outside_the_range_is_refused_with_its_value(rate):
    for refuses in (lambda: keep_of(rate), lambda: dropout_mask(np.random.default_rng(0), (2, 2), rate)):
        with pytest.raises(ValueError, match=re.escape(repr(rate))):
            refuses()


def test_the_gradient_with_masks_is_the_slope_of_the_loss():
    rng = np.random.default_rng(3)
    layers = [(w.astype(float), b.astype(float) + 0.1) for w, b in networks.initial_layers([4, 6, 6, 3], rng)]
    x, targets = rng.normal(size=(5, 4)), np.eye(3)[[0, 1, 2, 1, 0]]

    def loss() -> float:
        dice, hidden = np.random.default_rng(8), x
        for weights, biases in layers[:-1]:
            mask = dropout_mask(dice, (5, weights.shape[1]), 0.4)
            hidden = np.maximum(hidden @ weights + biases, 0) * mask
        probabilities = softmax(hidden @ layers[-1][0] + layers[-1][1])
        return float(-(targets * np.log(probabilities)).sum(axis=1).mean())

    gradients, _said = networks._gradients(layers, x, targets, (0.4, 0.4), np.random.default_rng(8))
    for array, gradient in zip([a for layer in layers for a in layer], gradients, strict=True):
        place = tuple(rng.integers(0, n) for n in array.shape)
        step, before = 1e-5, array[place]
        array[place] = before + step
        above = loss()
        array[place] = before - step
        below = loss()
        array[place] = before
        assert gradient[place] == pytest.approx((above - below) / (2 * step), abs=1e-6)


def test_the_same_seed_trains_the_same_network():
    digits, recipe = load_digits(), Recipe(width=16, rate=0.3, epochs=2)
    first, second = (train(digits.x_train, digits.y_train, recipe, seed=4) for _ in range(2))
    assert all(
        np.array_equal(a, b) for one, two in zip(first, second, strict=True) for a, b in zip(one, two, strict=True)
    )


def test_a_short_training_learns_the_digits_in_any_shape_of_network():
    digits = load_digits(0.0)
    net = train_sizes([64, 32, 10], digits.x_train, digits.y_train, Recipe(epochs=40, rate=0.2))
    assert [weights.shape for weights, _biases in net] == [(64, 32), (32, 10)]
    assert accuracy(logits_of(net, digits.x_test), digits.y_test) > 0.9


def test_max_norm_caps_every_hidden_units_incoming_weights():
    digits = load_digits()
    net = train(digits.x_train, digits.y_train, Recipe(width=32, epochs=5, max_norm=0.7))
    for weights, _biases in net[:-1]:
        assert np.sqrt((weights**2).sum(axis=0)).max() <= 0.7 + 1e-4
    assert np.sqrt((net[-1][0] ** 2).sum(axis=0)).max() > 0.7


def test_l2_makes_weights_smaller():
    digits = load_digits()
    sizes = []
    for strength in (0.0, 0.01):
        net = train(digits.x_train, digits.y_train, Recipe(width=32, epochs=10, l2=strength))
        sizes.append(sum((weights**2).sum() for weights, _biases in net))
    assert sizes[1] < 0.5 * sizes[0]


def test_the_network_of_each_epoch_is_the_callers_own():
    digits = load_digits(0.0)
    first, *_others, last = train_epochs(digits.x_train, digits.y_train, Recipe(width=16, epochs=4))
    assert not np.array_equal(first[0][0], last[0][0])
    training = train_epochs(digits.x_train, digits.y_train, Recipe(width=16, epochs=4))
    for layers in training:
        again = [(weights.copy(), biases.copy()) for weights, biases in layers]
        for weights, biases in layers:
            weights[...], biases[...] = 0.0, 0.0
    assert np.array_equal(again[0][0], last[0][0])


def test_what_watch_sees_is_the_thinned_network():
    digits, said = load_digits(0.0), []
    recipe = Recipe(width=64, rate=0.5, epochs=12)
    epochs = train_epochs(digits.x_train, digits.y_train, recipe, watch=lambda p, y: said.append(accuracy(p, y)))
    *_before, layers = epochs
    assert len(said) == 60
    full = accuracy(logits_of(layers, digits.x_train), digits.y_train)
    assert np.mean(said[-5:]) < full - 0.1
