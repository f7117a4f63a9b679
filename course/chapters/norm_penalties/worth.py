"""What an L2 penalty is worth on data that other chapters use: test results of stored runs, as a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course.chapters.norm_penalties.studies import Studies
from course.language import _, fill, number
from course.lessons.arrays import Floats
from course.lessons.patients import POINTS
from course.lessons.studies import Study
from course.lessons.tables import print_means


@dataclass(frozen=True)
class Worth:
    """Test results by seed: without a penalty; with L2 of the strength that is best on that seed's validation rows, and
    these strengths; without a penalty, but stopped at the epoch that is best on them."""

    without: Floats
    chosen: Floats
    stopped: Floats
    strengths: Floats


def on_patients(studies: Studies) -> Worth:
    """Mean absolute errors in points."""
    return _worth(studies.patients, studies.stopped_patients, POINTS, smaller_is_better=True)


def on_digits(studies: Studies, wrong_share: float) -> Worth:
    """Accuracies in percent, where that share of the training labels is wrong."""
    with_l2, stopped = (study.at(wrong_share=wrong_share) for study in (studies.digits, studies.stopped_digits))
    return _worth(with_l2, stopped, 100.0, smaller_is_better=False)


def _worth(study: Study, stopped: Study, unit: float, smaller_is_better: bool) -> Worth:
    validation, test = study.at(part="validation").values, unit * study.at(part="test").values
    best = validation.argmin(axis=1) if smaller_is_better else validation.argmax(axis=1)
    seeds = np.arange(len(test))
    strengths = np.asarray(study.axes["strength"], dtype=np.float64)
    return Worth(test[:, 0], test[seeds, best], unit * stopped.at(part="test").values, strengths[best])


def worth_table(studies: Studies) -> None:
    """Prints test results without a penalty, with L2 and with early stopping: means ± standard deviations over five
    seeds."""
    rows = [
        (_("patients: error in points"), on_patients(studies)),
        (_("30 % wrong labels: accuracy"), on_digits(studies, 0.3)),
        (_("right labels: accuracy"), on_digits(studies, 0.0)),
    ]
    columns = [_("no penalty"), "L2", _("stopped early")]
    print_means(columns, [(name, (found.without, found.chosen, found.stopped)) for name, found in rows])
    print(_("mean absolute error; accuracy in %"))
    print(_("mean ± standard deviation over five seeds"))
    chosen = "; ".join(_range(found.strengths) for _name, found in rows)
    print(fill(_("strengths of L2, line by line: {chosen}"), chosen=chosen))


def _range(strengths: Floats) -> str:
    ends = dict.fromkeys(number(float(end), "g") for end in (strengths.min(), strengths.max()))
    return "–".join(ends)
