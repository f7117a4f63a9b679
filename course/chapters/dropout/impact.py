"""What dropout changed in stored runs on handwritten digits, as a small table."""

from __future__ import annotations

from course.chapters.dropout.benefit import Benefit
from course.chapters.dropout.sweep import Sweep
from course.language import _, fill
from course.lessons.arrays import Floats

WIDTH = 256  # neurons of each hidden layer


def impact_table(sweep: Sweep, benefit: Benefit) -> None:
    """Prints the test accuracy at rates 0 and 0.5 by setting: mean and standard deviation over the seeds, in per cent.

    The settings' names decide how wide the first column is, as they are longer in some languages.
    """
    absences = benefit.absences
    settings = {
        _("stress test (30 % wrong)"): sweep.results["test"].at(width=WIDTH),
        _("right labels"): absences.at(away=0.0),
        _("half of the neurons off"): absences.at(away=0.5),
    }
    heading = _("test accuracy")
    first = max(map(len, [heading, *settings]))
    print(f"{heading:{first}}{_('rate 0'):>14}{_('rate 0.5'):>14}{_('seeds'):>9}")
    for name, study in settings.items():
        plain, dropout = (study.at(rate=rate).values for rate in (0.0, 0.5))
        print(f"{name:{first}}{_spread(plain):>14}{_spread(dropout):>14}{len(plain):9}")


def _spread(shares: Floats) -> str:
    return fill("{:.1f} ± {:.1f} %", 100 * shares.mean(), 100 * shares.std(ddof=1))
