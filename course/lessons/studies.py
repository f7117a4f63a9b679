"""Stored studies: measured numbers with their axes named, read in one way by every lesson.

A study file is an .npz that a script in the chapter's data folder has written. Reading must never train anything.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.lessons.arrays import Floats

Coordinate = float | int | str
Axis = NDArray[np.generic]


@dataclass(frozen=True)
class Study:
    """One measured quantity: its values, and by name, in the order of the values' dimensions, the axes that it was
    measured along. An axis holds the coordinates: numbers, or words such as the names of rules."""

    values: Floats
    axes: Mapping[str, Axis]

    def __post_init__(self) -> None:
        shape = tuple(len(axis) for axis in self.axes.values())
        if self.values.shape != shape:
            raise ValueError(f"The axes {', '.join(self.axes)} say {shape}, and the values are {self.values.shape}.")

    def at(self, **places: Coordinate) -> Study:
        """The part at these coordinates (axis=coordinate), with the other axes left. Numbers match within rounding.

        ValueError, with what there is, where an axis or a coordinate is not in the study.
        """
        values, axes = self.values, dict(self.axes)
        for name, place in places.items():
            if name not in axes:
                raise ValueError(f"{name} must be one of {', '.join(self.axes)}.")
            values = np.take(values, _index(name, axes[name], place), axis=list(axes).index(name))
            del axes[name]
        return Study(np.asarray(values), axes)

    def mean(self, over: str) -> Study:
        """The mean over one axis."""
        position = list(self.axes).index(over)
        left = {name: axis for name, axis in self.axes.items() if name != over}
        return Study(np.asarray(self.values.mean(axis=position)), left)

    def best(self) -> Coordinate:
        """Where the highest value stands (NaN left aside). ValueError unless one axis is left."""
        if len(self.axes) != 1:
            raise ValueError(f"One axis must be left, and there are {', '.join(self.axes) or 'none'}.")
        (axis,) = self.axes.values()
        place: Coordinate = axis[int(np.nanargmax(self.values))].item()
        return place


def _index(name: str, axis: Axis, place: Coordinate) -> int:
    same = axis == place if isinstance(place, str) else np.isclose(axis.astype(np.float64), place)
    if not same.any():
        raise ValueError(f"{name} must be one of {axis.tolist()}, and was {place!r}.")
    return int(same.argmax())


def rows_of(split: Any, parts: Iterable[str]) -> list[tuple[Any, Any]]:
    """What is measured on: (x, y) of each of these parts, "train", "validation" or "test", of data that are split, such
    as the patients. They are the split's x_train, y_train and so on."""
    return [(getattr(split, f"x_{part}"), getattr(split, f"y_{part}")) for part in parts]


def measured(measure: Callable[..., Floats], axes: Mapping[str, Axis], along: int = 1) -> Study:
    """measure at every place of the first axes, which are its arguments by name; it returns values along the last ones.

    along: how many axes measure returns. Prints each place as it is done, for whoever waits.
    """
    names, runs = list(axes)[: len(axes) - along], []
    for place in product(*(axes[name].tolist() for name in names)):
        runs.append(measure(**dict(zip(names, place, strict=True))))
        print(measure.__name__, place, np.round(np.ravel(runs[-1])[-5:], 3).tolist(), flush=True)
    shape = [len(axis) for axis in axes.values()]
    return Study(np.array(runs).reshape(shape), axes)


@dataclass(frozen=True)
class Plan:
    """How a stored quantity is measured: by what, and along which axes. measure returns the last `along` of them."""

    measure: Callable[..., Floats]
    axes: Mapping[str, Axis]
    along: int = 1


def make_studies(about: str | None, usual: Path, plans: Mapping[str, Plan]) -> None:
    """What a script that measures does: all plans, stored by name. about, usual: see chosen_output."""
    output = chosen_output(about, usual)
    write_studies(output, {name: measured(plan.measure, plan.axes, plan.along) for name, plan in plans.items()})


def chosen_output(about: str | None, usual: Path) -> Path:
    """Where a script that measures writes its studies: --output on its command line, or the usual file. about: what
    --help says, the script's docstring."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=usual)
    output: Path = parser.parse_args().output
    return output


def write_studies(path: Path, studies: Mapping[str, Study]) -> None:
    """Stores studies by name, values in single precision. Names and axes must not contain a full stop."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, study in studies.items():
        arrays[name] = study.values.astype(np.float32)
        arrays[f"{name}.axes"] = np.array(list(study.axes))
        arrays |= {f"{name}.{axis}": np.asarray(places) for axis, places in study.axes.items()}
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]  # the stubs take one of the names for an option


def read_studies(path: Path) -> dict[str, Study]:
    """What write_studies has stored, by name, values in double precision. OSError where there is no such file."""
    with np.load(path, allow_pickle=False) as stored:
        names = [name for name in stored.files if "." not in name]
        return {name: _study(stored, name) for name in names}


def _study(stored: Mapping[str, NDArray[np.generic]], name: str) -> Study:
    axes = [str(axis) for axis in stored[f"{name}.axes"]]
    return Study(stored[name].astype(np.float64), {axis: stored[f"{name}.{axis}"] for axis in axes})
