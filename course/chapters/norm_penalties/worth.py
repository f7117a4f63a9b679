"""What an L2 penalty is worth on data that other chapters use: test results of stored runs, as a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.chapters.norm_penalties.studies import Studies
from course.language import _
from course.lessons.arrays import Floats
from course.lessons.patients import POINTS
from course.lessons.studies import Study
from course.lessons.tables import print_means


@dataclass(frozen=True)
class Worth:
    """Test results by seed, without a penalty and with L2 of the strength that is best on that seed's validation rows,
    and these strengths."""

    without: Floats
    chosen: Floats
    strengths: Floats


def on_patients(studies: Studies) -> Worth:
    """Mean absolute errors in points."""
    return _worth(studies.patients, POINTS, smaller_is_better=True)


def on_digits(studies: Studies, wrong_share: float) -> Worth:
    """Accuracies in percent, where that share of the training labels is wrong."""
    return _worth(studies.digits.at(wrong_share=wrong_share), 100.0, smaller_is_better=False)


def _worth(study: Study, unit: float, smaller_is_better: bool) -> Worth:
    validation, test = study.at(part="validation").values, unit * study.at(part="test").values
    best = validation.argmin(axis=1) if smaller_is_better else validation.argmax(axis=1)
    seeds = np.arange(len(test))
    return Worth(test[:, 0], test[seeds, best], np.asarray(study.axes["strength"], dtype=np.float64)[best])


def worth_table(studies: Studies) -> None:
    """Prints test results without a penalty and with L2: means ± standard deviations over five seeds."""
    rows = [
        (_("patients: mean absolute error in points"), on_patients(studies)),
        (_("digits, 30 % wrong labels: accuracy in %"), on_digits(studies, 0.3)),
        (_("digits, right labels: accuracy in %"), on_digits(studies, 0.0)),
    ]
    print_means([_("no penalty"), "L2"], [(name, (found.without, found.chosen)) for name, found in rows])
