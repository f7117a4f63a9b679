"""The digits that travel with the course, their label noise, and what a learner sees of them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from course.lessons.digit_pictures import digits_picture
from course.lessons.digits import load_digits, load_images, rotated


def test_the_digits_are_all_there():
    x, y = load_images()
    assert x.shape == (1797, 64)
    assert (x.min(), x.max()) == (0.0, 1.0)
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize(("share", "n_wrong"), [(0.0, 0), (0.3, 150), (1.0, 500)])
def test_exactly_the_asked_share_of_training_labels_is_wrong(share, n_wrong):
    digits = load_digits(share, seed=5)
    assert digits.mislabelled.sum() == n_wrong
    assert np.array_equal(digits.y_train != digits.y_true, digits.mislabelled)
    assert set(np.unique(digits.y_train)) <= set(range(10))


def test_training_validation_and_test_rows_are_all_the_digits_once():
    digits = load_digits()
    parts = [digits.x_train, digits.x_validation, digits.x_test]
    assert [len(part) for part in parts] == [500, 297, 1000]
    assert np.array_equal(np.sort(np.concatenate(parts), axis=0), np.sort(load_images()[0], axis=0))


def test_the_same_seed_gives_the_same_label_noise_and_another_seed_other_noise():
    first, again, other = load_digits(seed=1), load_digits(seed=1), load_digits(seed=2)
    assert np.array_equal(first.y_train, again.y_train)
    assert not np.array_equal(first.y_train, other.y_train)


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_an_impossible_share_of_wrong_labels_is_refused_with_its_value(share):
    with pytest.raises(ValueError, match=re.escape(repr(share))):
        load_digits(share)


@pytest.mark.parametrize(("degrees", "turns"), [(0, 0), (90, 1), (180, 2), (360, 0)])
def test_a_quarter_turn_is_numpys(degrees, turns):
    image = np.random.default_rng(0).random(64)
    turned = np.rot90(image.reshape(8, 8), turns)
    assert rotated(image, degrees).reshape(8, 8) == pytest.approx(turned, abs=1e-9)


def test_wrong_labels_are_marked_by_more_than_colour_and_told_in_the_caption():
    picture = digits_picture(np.zeros((3, 64)), [1, 2, 3], [1, 2, 4])
    assert [axes.get_title() for axes in picture.figure.axes] == ["told 1", "told 2", "told 3 ✘"]
    assert picture.caption.endswith("Wrong ones: 4 → 3.")
    assert digits_picture(np.zeros((1, 64)), [1], [1]).caption.endswith("Wrong ones: none.")
