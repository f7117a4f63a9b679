"""Networks trained side by side: right gradients, and each learns from its own rows alone."""

from __future__ import annotations

import numpy as np
import pytest

from course.lessons import side_by_side
from course.lessons.networks import logits_of
from course.lessons.side_by_side import predictions_of, train_side_by_side

RNG = np.random.default_rng(0)
X, Y = RNG.uniform(-1, 1, (3, 12)), RNG.normal(size=(3, 12))
NEW = np.linspace(-1, 1, 7)


def test_gradients_are_those_of_the_mean_squared_error_of_each_network():
    rng = np.random.default_rng(1)
    layers = [  # no bias is 0: at the bend of a ReLU, a difference measures half a gradient
        (weights.astype(np.float64), biases + rng.uniform(0.1, 0.3, biases.shape))
        for weights, biases in side_by_side._initial_layers(3, 4, rng)
    ]
    x, y = X[..., None], Y[..., None]

    def losses():
        return ((logits_of(layers, x) - y) ** 2).mean(axis=(1, 2))

    found = side_by_side._gradients(layers, x, y)
    for parameter, gradient in zip([array for layer in layers for array in layer], found, strict=True):
        assert gradient.shape == parameter.shape
        place = (slice(None), *(0 for _axis in parameter.shape[1:]))
        before, step = parameter[place].copy(), 1e-6
        parameter[place] = before + step
        above = losses()
        parameter[place] = before - step
        below = losses()
        parameter[place] = before
        assert gradient[place] == pytest.approx((above - below) / (2 * step), rel=1e-3, abs=1e-6)


def test_each_network_learns_from_its_own_rows_alone():
    changed = Y.copy()
    changed[1] += 5
    one, other = (predictions_of(train_side_by_side(X, y, 8, [20])[20], NEW) for y in (Y, changed))
    assert one[[0, 2]] == pytest.approx(other[[0, 2]], abs=1e-5)
    assert np.abs(one[1] - other[1]).max() > 0.1


def test_the_networks_of_every_stop_are_kept_as_they_were():
    both = train_side_by_side(X, Y, 8, [20, 5])
    (early,) = train_side_by_side(X, Y, 8, [5]).values()
    assert list(both) == [5, 20]
    assert np.array_equal(predictions_of(both[5], NEW), predictions_of(early, NEW))
    assert predictions_of(both[20], NEW).shape == (3, 7)


def test_longer_training_fits_the_rows_better():
    x, y = np.tile(np.linspace(-1, 1, 12), (2, 1)), np.tile(np.linspace(-1, 1, 12) ** 2, (2, 1))
    errors = [((predictions_of(n, x[0]) - y[0]) ** 2).mean() for n in train_side_by_side(x, y, 16, [5, 300]).values()]
    assert errors[1] < 0.01 < errors[0]
