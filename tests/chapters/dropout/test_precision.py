"""A right answer is right in any precision and any kind of array: half, single and double, NumPy and tensors."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from course.exercises.check import check_candidate
from course.keras_loading import load_keras

Candidate = Callable[..., Any]
SEEDS = range(20)
SEVERAL = ("float16", "float32", "float64")


def numpy_dropout(dtype: str, divide_last: bool = False) -> Candidate:
    """Survivors scaled in that precision, in the mask or after the product."""

    def inverted_dropout(x: Any, rate: float, rng: np.random.Generator, training: bool) -> Any:
        if not 0 <= rate < 1:
            raise ValueError(rate)
        x, one = x.astype(dtype), np.dtype(dtype).type(1)
        if not training:
            return x, np.ones(x.shape, dtype)
        kept, keep = (rng.random(x.shape) >= rate).astype(dtype), one - np.dtype(dtype).type(rate)
        return ((x * kept) / keep if divide_last else x * (kept / keep)), kept / keep

    return inverted_dropout


def keras_dropout(dtype: str) -> Candidate:
    ops = load_keras().ops

    def inverted_dropout(x: Any, rate: float, rng: np.random.Generator, training: bool) -> Any:
        if not 0 <= rate < 1:
            raise ValueError(rate)
        x = ops.cast(x, dtype)
        if not training:
            return x, ops.ones_like(x)
        mask = ops.where(rng.random(x.shape) < rate, ops.zeros_like(x), ops.ones_like(x) / (1 - rate))
        return x * mask, mask

    return inverted_dropout


def fortran_dropout(x: Any, rate: float, rng: np.random.Generator, training: bool) -> Any:
    """As NumPy, but in Fortran order, and with negative zeros where values were dropped."""
    out, mask = numpy_dropout("float64")(x, rate, rng, training)
    return np.asfortranarray(out), np.asfortranarray(np.where(mask == 0, -0.0, mask))


def in_numpy(dtype: str) -> dict[str, Candidate]:
    """Right solutions that compute in that precision."""

    def subnet_average(W: Any, b: Any, x: Any, rate: float) -> Any:  # noqa: N803
        W, b, x = (each.astype(dtype) for each in (W, b, x))  # noqa: N806
        masks = np.array(list(itertools.product([0, 1], repeat=len(x))), dtype)
        chances = np.prod(np.where(masks == 1, 1 - rate, rate).astype(dtype), axis=1)
        answers = softmax((masks * x) @ W + b)
        geometric = np.exp(chances @ np.log(answers))
        return geometric / geometric.sum(), chances @ answers, softmax(x @ (W * np.dtype(dtype).type(1 - rate)) + b)

    def softmax(logits: Any) -> Any:
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return powers / powers.sum(axis=-1, keepdims=True)

    def choose_rate(results: dict[float, list[float]], tol: float) -> Any:
        means = {rate: np.mean(np.array(scores, "float32")) for rate, scores in results.items()}
        chosen = min(rate for rate, mean in means.items() if mean >= max(means.values()) - np.float32(tol))
        return np.dtype(dtype).type(chosen)

    return {
        "inverted_dropout": numpy_dropout(dtype),
        "dropout_backward": lambda dout, mask: dout.astype(dtype) * mask.astype(dtype),
        "classic_to_inference": lambda weights, b, rate: ((weights * (1 - rate)).astype(dtype), b.astype(dtype)),
        "subnet_average": subnet_average,
        "choose_rate": choose_rate,
    }


def in_keras(dtype: str) -> dict[str, Candidate]:
    """Right solutions that give tensors back."""
    ops = load_keras().ops

    def subnet_average(W: Any, b: Any, x: Any, rate: float) -> Any:  # noqa: N803
        W, b, x = (ops.cast(each, dtype) for each in (W, b, x))  # noqa: N806
        masks = ops.cast(np.array(list(itertools.product([0, 1], repeat=len(x)))), dtype)
        chances = ops.prod(masks * (1 - rate) + (1 - masks) * rate, axis=1)[:, None]
        answers = ops.softmax(ops.matmul(masks * x, W) + b)
        geometric = ops.exp(ops.sum(chances * ops.log(answers), axis=0))
        scaled = ops.softmax(ops.matmul(x, W * (1 - rate)) + b)
        return geometric / ops.sum(geometric), ops.sum(chances * answers, axis=0), scaled

    return {
        "inverted_dropout": keras_dropout(dtype),
        "dropout_backward": lambda dout, mask: ops.cast(dout, dtype) * ops.cast(mask, dtype),
        "classic_to_inference": lambda weights, b, rate: (ops.cast(weights, dtype) * (1 - rate), ops.cast(b, dtype)),
        "subnet_average": subnet_average,
        "choose_rate": lambda results, tol: ops.cast(in_numpy("float64")["choose_rate"](results, tol), dtype),
    }


def table() -> list[Any]:
    """exercise, kind of solution. Nobody sums a thousand masks in half precision."""
    kinds = [(name, f"numpy-{dtype}") for name in in_numpy("float64") for dtype in SEVERAL]
    kinds += [(name, f"keras-{dtype}") for name in in_numpy("float64") for dtype in SEVERAL]
    kinds += [(name, "keras-bfloat16") for name in ("inverted_dropout", "dropout_backward", "classic_to_inference")]
    kinds += [("inverted_dropout", f"divide_last-{dtype}") for dtype in SEVERAL]
    kinds += [("inverted_dropout", "fortran-float64")]
    return [each for each in kinds if each not in [("subnet_average", f"{a}-float16") for a in ("numpy", "keras")]]


def candidate_of(exercise: str, kind: str) -> Candidate:
    way, dtype = kind.split("-")
    if way in ("numpy", "keras"):
        return (in_numpy if way == "numpy" else in_keras)(dtype)[exercise]
    return fortran_dropout if way == "fortran" else numpy_dropout(dtype, divide_last=True)


@pytest.mark.parametrize(("exercise", "kind"), table())
def test_a_right_answer_in_any_precision_gets_full_points(exercise: str, kind: str) -> None:
    first = 2 * table().index((exercise, kind))
    seeds = range(first, first + 2) if exercise == "inverted_dropout" else SEEDS  # of all its kinds, more than 20
    for seed in seeds:
        verdict = check_candidate(exercise, {exercise: candidate_of(exercise, kind)}, seed)
        assert verdict.status == "passed", (seed, [f for f in verdict.findings if not f.passed])


def mc_predict(kind: str) -> Candidate:
    ops = load_keras().ops

    def in_numpy(model: Any, x: Any, n_passes: int) -> Any:
        passes = np.stack([np.asarray(model(x, training=True)).astype(kind) for _ in range(n_passes)])
        mean = passes.mean(axis=0)
        logs = np.log(np.where(mean > 0, mean, mean.dtype.type(1)))
        return mean, passes.std(axis=0), -(mean * logs).sum(axis=1)

    def in_tensors(model: Any, x: Any, n_passes: int) -> Any:
        x = ops.convert_to_tensor(x)
        passes = ops.stack([model(x, training=True) for _ in range(n_passes)])
        mean = ops.mean(passes, axis=0)
        return mean, ops.std(passes, axis=0), -ops.sum(mean * ops.log(ops.where(mean > 0, mean, 1.0)), axis=1)

    return in_tensors if kind == "tensors" else in_numpy


def train_step(kind: str) -> Candidate:
    """One step; the losses are added up in single or in double precision, of arrays or of tensors."""
    import tensorflow as tf

    def step(model: Any, optimizer: Any, loss_fn: Any, x: Any, y: Any) -> float:
        if kind == "tensors":
            x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
        precision = "float64" if kind == "float64" else "float32"
        with tf.GradientTape() as tape:
            parts = [loss_fn(y, model(x, training=True)), *model.losses]
            loss = tf.add_n([tf.cast(part, precision) for part in parts])
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return np.float64(loss) if kind == "float64" else float(loss)

    return step


def build_classifier(kind: str) -> Candidate:
    keras: Any = load_keras()

    def build(n_features: int, n_classes: int, width: int, rate: float, input_rate: float = 0.0) -> Any:
        layers = [keras.Input((n_features,))]
        layers += [keras.layers.Dropout(input_rate, dtype=kind)] if input_rate else []
        for _hidden in range(2):
            layers += [keras.layers.Dense(width, "relu", dtype=kind), keras.layers.Dropout(rate, dtype=kind)]
        return keras.Sequential([*layers, keras.layers.Dense(n_classes, "softmax", dtype=kind)])

    return build


@pytest.mark.parametrize(
    ("make", "kinds", "seeds"),
    [
        (mc_predict, ("float16", "float32", "float64", "tensors"), SEEDS),
        (train_step, ("float32", "float64", "tensors"), SEEDS),
        (build_classifier, ("float32", "float64"), range(8)),
    ],
    ids=["mc_predict", "train_step", "build_classifier"],
)
def test_so_does_one_with_keras(make: Callable[[str], Candidate], kinds: tuple[str, ...], seeds: range) -> None:
    """Each seed with one of the kinds in turn."""
    for seed in seeds:
        kind = kinds[seed % len(kinds)]
        verdict = check_candidate(make.__name__, {make.__name__: make(kind)}, seed)
        assert verdict.status == "passed", (seed, kind, [f for f in verdict.findings if not f.passed])


def test_five_is_five_in_any_precision() -> None:
    """1/(1 − 0.8) is exactly 5 in float32 and 5.000000000000001 in float64: no fraction got lost."""

    def mixed(x: Any, rate: float, rng: np.random.Generator, training: bool) -> Any:
        return numpy_dropout("float32" if x.dtype.kind == "i" else "float64")(x, rate, rng, training)

    verdict = check_candidate("inverted_dropout", {"inverted_dropout": mixed}, 7)
    assert verdict.status == "passed", [f for f in verdict.findings if not f.passed]
