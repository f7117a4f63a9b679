"""What a learner has set in their kernel neither spoils a right answer nor is lost by a check."""

from __future__ import annotations

import inspect
import locale
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.exercises.check import check_candidate
from course.exercises.settings import course_settings
from course.keras_loading import load_keras
from tests.chapters.dropout.wrong_solutions import defined
from tests.conftest import reference_solutions

keras: Any = load_keras()
import tensorflow as tf  # noqa: E402  (after Keras, so that it does not greet)

WITH_KERAS = ("build_classifier", "mc_predict", "train_step")
WITHOUT = ("inverted_dropout", "dropout_backward", "classic_to_inference", "subnet_average", "choose_rate")


WITH_A_WARNING = """
def mc_predict(model, x, n_passes):
    passes = np.stack([np.asarray(model(x, training=True)) for _ in range(n_passes)])
    mean = passes.mean(axis=0)
    return mean, passes.std(axis=0), -np.nan_to_num(mean * np.log(mean)).sum(axis=1)  # 0 · log 0 warns
"""


def _away(folder: Path) -> None:
    os.chdir(folder)


def _errors(_folder: Path) -> None:
    warnings.simplefilter("error")


SETTINGS: dict[str, tuple[Callable[[Path], Any], Callable[[], Any]]] = {  # how it is set, and how it is read
    "floatx": (lambda _: keras.config.set_floatx("float64"), keras.config.floatx),
    "mixed precision": (
        lambda _: keras.mixed_precision.set_global_policy("mixed_float16"),
        lambda: keras.config.dtype_policy().name,
    ),
    "double precision": (
        lambda _: (keras.config.set_floatx("float64"), keras.config.set_dtype_policy("float64")),
        lambda: (keras.config.floatx(), keras.config.dtype_policy().name),
    ),
    "epsilon": (lambda _: keras.config.set_epsilon(0.2), keras.config.epsilon),
    "channels first": (
        lambda _: keras.config.set_image_data_format("channels_first"),
        keras.config.image_data_format,
    ),
    "eager functions": (lambda _: tf.config.run_functions_eagerly(True), tf.config.functions_run_eagerly),
    "seeds": (lambda _: (keras.utils.set_random_seed(0), np.random.seed(0), random.seed(0)), lambda: None),
    "NumPy raises": (lambda _: np.seterr(all="raise"), np.geterr),
    "NumPy prints otherwise": (
        lambda _: np.set_printoptions(precision=1, threshold=3, formatter={"float": lambda x: "?"}),
        lambda: np.get_printoptions()["precision"],
    ),
    "warnings raise": (_errors, lambda: warnings.filters[0][0]),
    "few frames": (lambda _: sys.setrecursionlimit(len(inspect.stack()) + 45), sys.getrecursionlimit),
    "elsewhere": (_away, Path.cwd),
    "locale": (lambda _: locale.setlocale(locale.LC_ALL, "C.UTF-8"), lambda: locale.setlocale(locale.LC_ALL)),
}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """Each test's settings end with it."""
    folder, limit, printing, place = (
        Path.cwd(),
        sys.getrecursionlimit(),
        np.get_printoptions(),
        locale.setlocale(locale.LC_ALL),
    )
    states = random.getstate(), np.random.get_state()
    with warnings.catch_warnings(), np.errstate():
        yield
    os.chdir(folder)
    sys.setrecursionlimit(limit)
    np.set_printoptions(**printing)
    locale.setlocale(locale.LC_ALL, place)
    random.setstate(states[0])
    np.random.set_state(states[1])
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    keras.config.set_epsilon(1e-7)
    keras.config.set_image_data_format("channels_last")
    tf.config.run_functions_eagerly(False)


@pytest.mark.parametrize("name", SETTINGS)
def test_right_work_passes_under_any_setting_and_the_setting_stays(name: str, tmp_path: Path) -> None:
    solutions = {exercise: defined(source) for exercise, source in reference_solutions().items() if "def " in source}
    solutions["mc_predict"] = defined(WITH_A_WARNING)
    change, read = SETTINGS[name]
    change(tmp_path)
    set_by_learner = read()
    for exercise in (*WITHOUT, *WITH_KERAS):
        verdict = check_candidate(exercise, solutions[exercise], 7)
        assert verdict.status == "passed", [f for f in verdict.findings if not f.passed]
        assert read() == set_by_learner


def test_what_the_function_itself_sets_ends_with_its_case() -> None:
    source = reference_solutions()["build_classifier"]
    source = source.replace("    model = keras.Seq", "    model = None\n    model = keras.Seq")
    meddling = source.replace("    return model", "    keras.config.set_floatx('float64')\n    return model")
    assert check_candidate("build_classifier", defined(meddling), 7).status == "passed"
    assert keras.config.floatx() == "float32"


def test_layers_made_earlier_in_half_precision_are_named() -> None:
    source = reference_solutions()["build_classifier"]
    half = source.replace('activation="softmax")', 'activation="softmax", dtype="mixed_float16")')
    assert half != source
    verdict = check_candidate("build_classifier", defined(half), 7)
    told = "\n".join(finding.told for finding in verdict.findings if not finding.passed)
    assert "Dense(units=4, dtype=mixed_float16)" in told
    assert "`keras.mixed_precision`" in told


def test_functions_that_were_replaced_cost_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError("replaced")

    right = defined(reference_solutions()["build_classifier"])
    with monkeypatch.context() as patch:
        for name in ("floatx", "set_floatx", "set_dtype_policy", "dtype_policy", "set_epsilon"):
            patch.setattr(keras.config, name, broken)
        patch.setattr(tf.config, "functions_run_eagerly", broken)
        assert check_candidate("build_classifier", right, 7).status == "passed"


def test_the_settings_come_back_when_the_block_raises() -> None:
    keras.config.set_floatx("float64")
    seen = []

    def interrupted() -> None:
        with course_settings():
            seen.append(keras.config.floatx())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert seen == ["float32"]
    assert keras.config.floatx() == "float64"
