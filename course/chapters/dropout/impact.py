"""What dropout changed in stored runs on handwritten digits, as a small table."""

from __future__ import annotations

from course.chapters.dropout.benefit import Benefit
from course.chapters.dropout.sweep import Sweep
from course.language import _, fill
from course.lessons.arrays import Floats

RATES = (0.0, 0.5)
WIDTH = 256  # neurons of each hidden layer


def impact(sweep: Sweep, benefit: Benefit) -> dict[str, tuple[Floats, Floats]]:
    """Test accuracies (0–1), one value per seed, at rates 0 and 0.5, by setting."""
    stress, absences = sweep.results["test"].at(width=WIDTH), benefit.absences
    settings = {
        _("wrong labels"): stress,
        _("right labels"): absences.at(away=0.0),
        _("right labels, half of the neurons off"): absences.at(away=0.5),
    }
    return {name: (study.at(rate=RATES[0]).values, study.at(rate=RATES[1]).values) for name, study in settings.items()}


def impact_table(sweep: Sweep, benefit: Benefit) -> None:
    """Prints mean and standard deviation over the seeds, in per cent."""
    print(f"{_('test accuracy'):40}{_('rate 0'):>16}{_('rate 0.5'):>16}{_('seeds'):>8}")
    for name, pair in impact(sweep, benefit).items():
        values = [fill("{:.1f} ± {:.1f} %", 100 * each.mean(), 100 * each.std(ddof=1)) for each in pair]
        print(f"{name:40}{values[0]:>16}{values[1]:>16}{len(pair[0]):8}")
