"""Runs the lesson's small studies in NumPy; writes studies.npz and small_nets.npz here (two minutes on 2 cores).

    python -m course.chapters.dropout.data.make_studies [--folder FOLDER]

What is stored is described in README.md here.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from course.chapters.dropout import ensemble, studies
from course.chapters.dropout.data import FOLDER
from course.lessons.networks import Array
from course.lessons.studies import Study, write_studies


def small_nets() -> dict[str, Array]:
    """The arrays of small_nets.npz, by name."""
    arrays = {}
    for depth in ensemble.DEPTHS:
        for rate in ensemble.RATES:
            for place, (weights, biases) in enumerate(ensemble.train_small_net(depth, rate)):
                arrays[ensemble.name_of(depth, rate, place, "w")] = weights
                arrays[ensemble.name_of(depth, rate, place, "b")] = biases
    return arrays


def rules() -> Study:
    """Three rules for inference, at every rate and seed."""
    runs = [[studies.measure_rules(float(rate), int(seed)) for seed in studies.SEEDS] for rate in studies.RATES]
    return Study(np.moveaxis(np.array(runs), 1, -1), studies.RULE_AXES)


def curves() -> Study:
    """What fit reports, beside evaluate and validation."""
    runs = [[studies.measure_curves(float(rate), name) for name in studies.LABELS] for rate in studies.CURVE_RATES]
    return Study(np.array(runs), studies.CURVE_AXES)


def partners() -> Study:
    """Dropout, its rivals and their pairs, each at several strengths."""
    values = np.full([len(axis) for axis in studies.PARTNER_AXES.values()], np.nan)
    for place, (name, recipes) in enumerate(studies.PARTNERS.items()):
        for strength, recipe in enumerate(recipes):
            values[place, strength] = [studies.measure_partner(recipe, int(seed)) for seed in studies.SEEDS]
        print(name, values[place].mean(axis=1)[: len(recipes)].round(3).tolist(), flush=True)
    return Study(values, studies.PARTNER_AXES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    folder: Path = parser.parse_args().folder
    np.savez_compressed(folder / "small_nets.npz", **small_nets())  # type: ignore[arg-type]  # as in write_studies
    write_studies(folder / "studies.npz", {"rules": rules(), "curves": curves(), "partners": partners()})


if __name__ == "__main__":
    main()
