"""E1, penalty: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent

_REFUSE = "if l1 < 0 or l2 < 0:\n    raise ValueError('strengths must not be negative')\n"


def _e1(body: str, refuse: str = _REFUSE) -> str:
    return f"import numpy as np\n\ndef penalty(weights, l1, l2):\n{indent(refuse + body, '    ')}\n"


def _sum(size: str = "np.abs(w).sum()", square: str = "(w**2).sum()") -> str:
    return _e1(f"return sum(l1 * {size} + l2 * {square} for w in weights)")


WRONG = {
    "half_the_strength": _sum(square="(w**2).sum() / 2"),
    "mean_not_sum": _sum("np.abs(w).mean()", "(w**2).mean()"),
    "no_absolute": _sum(size="w.sum()"),
    "root_of_squares": _e1(
        "sizes = sum(np.abs(w).sum() for w in weights)\nsquares = sum((w**2).sum() for w in weights)\n"
        "return l1 * sizes + l2 * np.sqrt(squares)"
    ),
    "l1_l2_swapped": _sum("(w**2).sum()", "np.abs(w).sum()"),
}

VARIANTS = {
    "half_the_strength": _sum(square="0.5 * np.square(w).sum()"),
    "mean_not_sum": _e1(
        "total = 0.0\nfor w in weights:\n    total += l1 * np.abs(w).sum() / w.size + l2 * (w**2).sum() / w.size\n"
        "return total"
    ),
    "no_absolute": _e1(
        "flat = np.concatenate([w.ravel() for w in weights])\nreturn l1 * flat.sum() + l2 * flat @ flat"
    ),
    "root_of_squares": _e1(
        "flat = np.concatenate([w.ravel() for w in weights])\n"
        "return l1 * np.linalg.norm(flat, 1) + l2 * np.linalg.norm(flat)"
    ),
    "l1_l2_swapped": _e1(
        "l1, l2 = l2, l1\nreturn sum(l1 * np.abs(w).sum() + l2 * np.square(w).sum() for w in weights)"
    ),
}

UNNAMED = {
    "first_array_only": _e1("w = weights[0]\nreturn l1 * np.abs(w).sum() + l2 * (w**2).sum()"),
    "last_array_only": _e1("for w in weights:\n    total = l1 * np.abs(w).sum() + l2 * (w**2).sum()\nreturn total"),
    "accepts_negative_strengths": _e1("return sum(l1 * np.abs(w).sum() + l2 * (w**2).sum() for w in weights)", ""),
    "refuses_zero": _e1(
        "return sum(l1 * np.abs(w).sum() + l2 * (w**2).sum() for w in weights)",
        "if l1 <= 0 or l2 <= 0:\n    raise ValueError\n",
    ),
    "asserts": _e1(
        "return sum(l1 * np.abs(w).sum() + l2 * (w**2).sum() for w in weights)", "assert l1 >= 0 and l2 >= 0\n"
    ),
    "square_of_the_sum": _sum(square="w.sum() ** 2"),
    "one_for_each_array": _e1("return [l1 * np.abs(w).sum() + l2 * (w**2).sum() for w in weights]"),
    "matrices_only": _e1("return sum(l1 * np.abs(w).sum() + l2 * (w**2).sum() for w in weights if w.ndim > 1)"),
    "raises_always": _e1("", "raise ValueError\n"),
    "cubes": _sum(square="(np.abs(w) ** 3).sum()"),
}

RIGHT = {
    "comprehension": _sum(),
    "one_long_array": _e1(
        "flat = np.concatenate([np.ravel(w) for w in weights])\nreturn l1 * np.abs(flat).sum() + l2 * (flat @ flat)"
    ),
    "loops": _e1(
        "total = 0.0\nfor array in weights:\n    for value in array.ravel().tolist():\n"
        "        total += l1 * abs(value) + l2 * value * value\nreturn total"
    ),
    "own_error": "class Negative(ValueError):\n    pass\n\n\n"
    + _e1(
        "return sum(l1 * abs(w).sum() + l2 * (w * w).sum() for w in weights)",
        "if min(l1, l2) < 0:\n    raise Negative\n",
    ),
    "array_of_one": _e1("return np.array([sum(l1 * np.abs(w).sum() + l2 * (w**2).sum() for w in weights)])"),
    "norms": _e1(
        "total = 0.0\nfor w in weights:\n    total += l1 * np.linalg.norm(w.ravel(), 1)\n"
        "    total += l2 * np.linalg.norm(w.ravel()) ** 2\nreturn float(total)"
    ),
    "float32": _e1(
        "return np.float32(sum(l1 * np.abs(w.astype(np.float32)).sum() + l2 * np.square(w.astype(np.float32)).sum()\n"
        "                      for w in weights))"
    ),
    "two_sums": _e1(
        "sizes = sum(float(np.sum(np.sqrt(w * w))) for w in weights)\n"
        "squares = sum(float(np.vdot(w, w)) for w in weights)\nreturn np.array(l1 * sizes + l2 * squares)",
        "if min(l1, l2) < 0:\n    raise ValueError(f'{l1}, {l2}')\n",
    ),
}
