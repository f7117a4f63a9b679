"""Ways for an exercise to look into a learner's Keras model. Nothing here decides anything, nor loads Keras."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.exercises.base import ContractBroken
from course.exercises.observe import Array
from course.language import _


def set_weights(model: Any, weights: list[Array]) -> bool:
    """Puts the weights in, layer by layer; False if they do not fit.

    A subclass may create its layers in any order. A kernel's shape tells which layer it is, and the bias that follows
    a kernel belongs to the same layer.
    """
    own = [np.shape(w) for w in model.get_weights()]
    layers = {kernel.shape: [kernel, bias] for kernel, bias in zip(weights[::2], weights[1::2], strict=True)}
    ordered = [weight for shape in own for weight in layers.pop(shape, [])]
    if layers or [w.shape for w in ordered] != own:
        return False
    model.set_weights(ordered)
    return True


def require_one_output(output: Any) -> None:
    """ContractBroken where a model answers with several outputs."""
    if isinstance(output, list | tuple | dict):
        message = _("Expected a model with one output, the probabilities, but it has {count}.")
        raise ContractBroken(message.format(count=len(output)))


def layers_in_words(model: Any) -> list[str]:
    """The model's layers in words, for the learner's report only; nothing is judged by them."""
    words = []
    for layer in getattr(model, "layers", [])[:20]:
        told = [f"{name}={getattr(layer, name)}" for name in ("units", "rate") if hasattr(layer, name)]
        precision = str(getattr(getattr(layer, "dtype_policy", None), "name", "float32"))
        told += [] if precision == "float32" else [f"dtype={precision}"]
        words.append(f"{type(layer).__name__}({', '.join(told)})")
    return words
