"""What dropout changed in stored runs, as small tables: accuracy on handwritten digits, error on patients by rate."""

from __future__ import annotations

import numpy as np

from course.chapters.dropout.benefit import Benefit
from course.chapters.dropout.sweep import Sweep
from course.language import _, fill
from course.lessons.patients import POINTS
from course.lessons.tables import print_means, spread

WIDTH, NARROW = 256, 32  # neurons of each hidden layer


def impact_table(sweep: Sweep, benefit: Benefit) -> None:
    """Prints the test accuracy at rates 0 and 0.5 by setting: mean and standard deviation over the sweep's four seeds,
    in per cent."""
    stress, stopped = sweep.results["test"], sweep.results["test_stopped"]
    settings = {
        _("30 % wrong labels"): stress.at(width=WIDTH),
        _("30 % wrong labels, 32 neurons a layer"): stress.at(width=NARROW),
        _("30 % wrong labels, early stopping"): stopped.at(width=WIDTH),
        _("right labels"): benefit.absences.at(away=0.0),
        _("right labels, half of the neurons off"): benefit.absences.at(away=0.5),
    }
    rows = []
    for name, study in settings.items():
        scores = [[study.at(rate=rate, seed=seed).values for seed in sweep.seeds.tolist()] for rate in (0.0, 0.5)]
        rows.append((name, [100 * np.array(of_rate) for of_rate in scores]))
    print_means([_("rate 0"), _("rate 0.5")], rows, _("test accuracy in %"))


def rate_table(benefit: Benefit) -> None:
    """Prints the error on the validation patients at each rate, and how much more it is than at the best rate, seed by
    seed: mean and standard deviation over the seeds."""
    errors = benefit.error.at(part="validation")
    points = {rate: POINTS * errors.at(rate=rate).values for rate in errors.axes["rate"].tolist()}
    best = min(points, key=lambda rate: float(points[rate].mean()))
    for rate, of_seeds in points.items():
        told = _("rate {rate}: {spread} points")
        if rate != best:
            told = _("rate {rate}: {spread} points, {more} more than at {best}")
        print(fill(told, rate=rate, spread=spread(of_seeds), more=spread(of_seeds - points[best]), best=best))
