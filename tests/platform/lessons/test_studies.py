"""Stored studies: what was written is read again with its axes, and asked by coordinates."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from course.lessons.studies import Study, read_studies, write_studies

VALUES = np.arange(12.0).reshape(2, 3, 2)
AXES = {"rule": np.array(["halve", "leave"]), "rate": np.array([0.1, 0.2, 0.3]), "seed": np.arange(2)}


@pytest.fixture
def study() -> Study:
    return Study(VALUES, AXES)


def test_what_was_written_is_read_again_with_its_axes(tmp_path: Path, study: Study):
    other = Study(np.array([0.5, np.nan]), {"strength": np.array([1, 2])})
    write_studies(tmp_path / "some.npz", {"rules": study, "other": other})
    read = read_studies(tmp_path / "some.npz")
    assert list(read) == ["rules", "other"]
    assert np.array_equal(read["rules"].values, VALUES)
    assert {name: axis.tolist() for name, axis in read["rules"].axes.items()} == {
        name: axis.tolist() for name, axis in AXES.items()
    }
    assert np.array_equal(read["other"].values, other.values, equal_nan=True)


def test_a_part_is_asked_for_by_coordinates_in_any_order(study: Study):
    assert study.at(rate=0.2, rule="leave").values.tolist() == VALUES[1, 1].tolist()
    assert list(study.at(rate=0.2).axes) == ["rule", "seed"]
    assert float(study.at(seed=1, rule="halve", rate=0.3).values) == VALUES[0, 2, 1]


def test_a_number_within_rounding_is_the_same_place(study: Study):
    assert np.array_equal(study.at(rate=0.1 + 0.2).values, study.at(rate=0.3).values)


def test_means_keep_the_other_axes_and_the_best_place_is_told(study: Study):
    means = study.at(rule="halve").mean("seed")
    assert means.values.tolist() == VALUES[0].mean(axis=1).tolist()
    assert means.best() == pytest.approx(0.3)
    assert study.at(rate=0.1, seed=0).best() == "leave"


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ({"rate": 0.33}, "rate must be one of [0.1, 0.2, 0.3], and was 0.33"),
        ({"rule": "double"}, "rule must be one of ['halve', 'leave'], and was 'double'"),
        ({"width": 3}, "width must be one of rule, rate, seed"),
    ],
)
def test_a_place_that_was_not_studied_is_refused_with_what_there_is(study: Study, places, told):
    with pytest.raises(ValueError, match=re.escape(told)):
        study.at(**places)


def test_the_best_place_needs_one_axis(study: Study):
    with pytest.raises(ValueError, match="One axis must be left"):
        study.best()


def test_axes_that_do_not_fit_the_values_are_refused():
    with pytest.raises(ValueError, match=re.escape("(2, 3)")):
        Study(np.zeros((3, 2)), {"rule": AXES["rule"], "rate": AXES["rate"]})
