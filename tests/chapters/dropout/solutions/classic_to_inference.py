"""E3, classic_to_inference: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e3(body: str, before: str = "import numpy as np") -> str:
    return f"{before}\n\ndef classic_to_inference(W, b, rate):\n{indent(body, '    ')}\n"


WRONG = {
    "used_rate": _e3("return W * rate, b"),
    "scaled_bias": _e3("keep = 1 - rate\nreturn W * keep, b * keep"),
    "divided_by_keep": _e3("return W / (1 - rate), b"),
    "no_scaling": _e3("return W.copy(), b.copy()"),
}

VARIANTS = {
    "used_rate": _e3("drop = float(rate)\nreturn np.multiply(drop, W), b + 0"),
    "scaled_bias": _e3("scaled = np.vstack([W, b]) * (1 - rate)\nreturn scaled[:-1], scaled[-1]"),
    "divided_by_keep": _e3("scale = 1 / (1 - rate)\nreturn W * scale, b"),
    "no_scaling": _e3("return W, b"),
}

UNNAMED = {
    "writes_into_W": _e3("W *= 1 - rate\nreturn W, b"),
    "drops_at_random": _e3(
        "m = np.random.default_rng(0).random(W.shape[0]) >= rate\nreturn W * m[:, None], b",
    ),
    "only_the_first_input": _e3("scaled = W.copy()\nscaled[0] *= 1 - rate\nreturn scaled, b"),
    "all_but_the_last_output": _e3("scaled = W.copy()\nscaled[:, :-1] *= 1 - rate\nreturn scaled, b"),
    "whole_inputs_only": _e3("n = len(W)\nreturn W * (n - round(rate * n)) / n, b"),
    "bias_dropped": _e3("return W * (1 - rate), np.zeros_like(b)"),
    "bias_scaled_up": _e3("return W * (1 - rate), b / (1 - rate)"),
    "square_root": _e3("return W * np.sqrt(1 - rate), b"),
    "transposed": _e3("return W.T * (1 - rate), b"),
    "only_the_weights": _e3("return W * (1 - rate)"),
    "swapped": _e3("return b, W * (1 - rate)"),
    "half_by_default": _e3("return W * 0.5, b"),
    "squared": _e3("return W * (1 - rate) ** 2, b"),
    "bias_as_column": _e3("return W * (1 - rate), b[:, None]"),
    "only_if_high": _e3("return (W * (1 - rate) if rate >= 0.5 else W.copy()), b"),
    "rounded": _e3("return np.round(W * (1 - rate), 1), b"),
}

RIGHT = {
    "vectorised": _e3("return W * (1 - rate), b"),
    "copies": _e3("W, b = W.copy(), b.copy()\nW *= 1 - rate\nreturn W, b"),
    "loops": _e3(
        "out = np.empty(W.shape)\nfor i in range(W.shape[0]):\n    for j in range(W.shape[1]):\n"
        "        out[i, j] = W[i, j] * (1.0 - rate)\nreturn [out, b]"
    ),
    "subtracting": _e3("return W - rate * W, b + 0.0"),
    "float32": _e3("keep = np.float32(1 - rate)\nreturn W.astype(np.float32) * keep, b.astype(np.float32)"),
    "diagonal": _e3("return np.diag(np.full(W.shape[0], 1 - rate)) @ W, np.array(b)"),
    "keras_ops": _e3("return ops.multiply(W, 1 - rate), ops.convert_to_tensor(b)", "from keras import ops"),
    "average_of_two_cases": _e3("return np.average([W, 0 * W], axis=0, weights=[1 - rate, rate]), b"),
    "lists": _e3("return [[w * (1 - rate) for w in row] for row in W.tolist()], b.tolist()"),
}

# Wrong in ways of their own, but with the very numbers of a named mistake.
FITS_A_NAME = {
    "only_if_high": "no_scaling",
}
