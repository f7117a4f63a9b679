"""The contents page sets the remedies side by side: what it says of our runs is what the chapters' stored runs say."""

from __future__ import annotations

import re

import numpy as np
import pytest

from course.catalog import Catalog
from course.chapters.batch_normalization import worth as normalised
from course.chapters.batch_normalization.studies import load_studies as batch_studies
from course.chapters.dropout.benefit import load_benefit
from course.chapters.dropout.sweep import load_sweep
from course.chapters.norm_penalties import worth as penalised
from course.chapters.norm_penalties.studies import load_studies as penalty_studies
from course.lessons.arrays import Floats
from course.lessons.patients import POINTS

WRONG = 0.3  # of the training labels


def _dropout() -> list[Floats]:
    errors, sweep = load_benefit().error.at(part="test"), load_sweep()
    patients = [POINTS * errors.at(rate=rate).values for rate in (0.0, 0.5)]
    return patients + [100 * sweep.scores("test", 256, rate) for rate in (0.0, 0.5)]


def _penalties(remedy: str) -> list[Floats]:
    found = penalised.on_patients(penalty_studies()), penalised.on_digits(penalty_studies(), WRONG)
    return [getattr(each, name) for each in found for name in ("without", remedy)]


def _normalised() -> list[Floats]:
    studies = batch_studies()
    found = [normalised.on_patients(studies), normalised.on_digits(studies, WRONG)]
    found.append(normalised.on_rates(studies.rates.at(network="8 relu")))
    return [values for each in found for values in (each.without, each.normalised)]


RUNS = {
    "2-1-overfitting": lambda: _penalties("stopped"),
    "2-3-norm-penalties": lambda: _penalties("chosen"),
    "2-4-dropout": _dropout,
    "2-5-batch-normalization": _normalised,
}


@pytest.mark.parametrize("slug", RUNS)
def test_the_contents_page_tells_the_means_of_the_stored_runs(slug: str, catalog: Catalog) -> None:
    (comparison,) = (section.comparison for section in catalog.sections if section.comparison)
    assert list(comparison.texts) == list(RUNS)
    told = comparison.texts[slug][comparison.aspects.index("In our runs")]
    numbers = [int(number) for pair in re.findall(r"(\d+) → (\d+)", told) for number in pair]
    assert numbers == [round(float(np.mean(values))) for values in RUNS[slug]()]
