"""What batch normalization is worth on several networks and data: test results of stored runs, as a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.chapters.batch_normalization.studies import Studies
from course.language import _
from course.lessons.arrays import Floats
from course.lessons.patients import POINTS
from course.lessons.studies import Study
from course.lessons.tables import print_means


@dataclass(frozen=True)
class Worth:
    """Test results by seed, without batch normalization and with it."""

    without: Floats
    normalised: Floats


def on_rates(study: Study) -> Worth:
    """Accuracies in percent at the rate that is best on that seed's validation rows."""
    return Worth(*(_chosen(study.at(norm=norm)) for norm in ("none", "batch")))


def _chosen(study: Study) -> Floats:
    validation, test = study.at(part="validation").values, study.at(part="test").values
    return np.asarray(100 * test[np.arange(len(test)), validation.argmax(axis=1)])


def on_digits(studies: Studies, wrong_share: float) -> Worth:
    """Accuracies in percent, where that share of the training labels is wrong."""
    return _as_trained(studies.digits.at(wrong_share=wrong_share), 100.0)


def on_patients(studies: Studies) -> Worth:
    """Mean absolute errors in points."""
    return _as_trained(studies.patients, POINTS)


def _as_trained(study: Study, unit: float) -> Worth:
    test = study.at(part="test")
    return Worth(*(unit * test.at(norm=norm).values for norm in ("none", "batch")))


def worth_table(studies: Studies) -> None:
    """Prints test results without batch normalization and with it: means ± standard deviations over five seeds."""
    rows = [
        (_("8 ReLU layers, SGD"), on_rates(studies.rates.at(network="8 relu"))),
        (_("8 ReLU layers, He, SGD"), on_rates(studies.rates.at(network="8 relu, He"))),
        (_("8 ReLU layers, Adam"), on_rates(studies.adam)),
        (_("2 ReLU layers, SGD"), on_rates(studies.rates.at(network="2 relu"))),
        (_("2 wide layers, right labels"), on_digits(studies, 0.0)),
        (_("2 wide layers, 30 % wrong labels"), on_digits(studies, 0.3)),
        (_("patients: error in points"), on_patients(studies)),
    ]
    columns = [_("without"), _("with")]
    print_means(columns, [(name, (found.without, found.normalised)) for name, found in rows])
    print(_("mean absolute error (lower is better); all others: accuracy in %"))
