"""Runs the lesson's small studies in NumPy; writes data/studies.npz and small_nets.npz (two minutes on 2 cores).

    python benchmarks/dropout_studies.py

What is stored is described in course/chapters/dropout/data/README.md.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from course.chapters.dropout import ensemble, studies
from course.chapters.dropout.digits import DATA_FOLDER


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=DATA_FOLDER)
    folder: Path = parser.parse_args().folder
    nets = {
        ensemble.name_of(depth, rate, place, kind): array
        for depth in ensemble.DEPTHS
        for rate in ensemble.RATES
        for place, layer in enumerate(ensemble.train_small_net(depth, rate))
        for kind, array in zip("wb", layer, strict=True)
    }
    np.savez_compressed(folder / "small_nets.npz", **nets)
    by_seed = [[studies.measure_rules(float(rate), int(seed)) for seed in studies.SEEDS] for rate in studies.RATES]
    rules = np.moveaxis(np.array(by_seed), 1, -1)
    print("rules", rules.shape, flush=True)
    curves = np.array(
        [[studies.measure_curves(float(r), name) for name in studies.LABELS] for r in studies.CURVE_RATES]
    )
    print("curves", curves.shape, flush=True)
    partners = np.full((len(studies.PARTNERS), studies.N_TRIED, len(studies.SEEDS), 3), np.nan)
    for place, (name, recipes) in enumerate(studies.PARTNERS.items()):
        for strength, recipe in enumerate(recipes):
            partners[place, strength] = [studies.measure_partner(recipe, int(seed)) for seed in studies.SEEDS]
        print(name, partners[place].mean(axis=1)[: len(recipes)].round(3).tolist(), flush=True)
    results = {"rules": rules, "curves": curves, "partners": partners}
    np.savez_compressed(folder / "studies.npz", **{name: values.astype(np.float32) for name, values in results.items()})


if __name__ == "__main__":
    main()
