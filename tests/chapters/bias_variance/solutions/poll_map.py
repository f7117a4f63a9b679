"""E2, poll_map: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e2(body: str) -> str:
    return f"import numpy as np\n\ndef poll_map(answers, size):\n{indent(body, '    ')}\n"


_GUARD = "if len(answers) % size:\n    raise ValueError(size)\n"

WRONG = {
    "one_number_per_district": _e2(_GUARD + "return answers.reshape(-1, size).mean(axis=1)"),
    "moving_average": _e2(_GUARD + "return np.convolve(answers, np.ones(size) / size, mode='same')"),
    "mixes_districts": _e2(_GUARD + "return np.tile(answers.reshape(size, -1).mean(axis=0), size)"),
    "adds_up": _e2(_GUARD + "return np.repeat(answers.reshape(-1, size).sum(axis=1), size)"),
    "repeats_the_street": _e2(_GUARD + "return np.tile(answers.reshape(-1, size).mean(axis=1), size)"),
    "size_counts_districts": _e2(
        _GUARD + "m = len(answers) // size\nreturn np.repeat(answers.reshape(-1, m).mean(axis=1), m)"
    ),
}

VARIANTS = {
    "one_number_per_district": _e2(
        _GUARD + "return np.array([np.mean(answers[i : i + size]) for i in range(0, len(answers), size)])"
    ),
    "moving_average": _e2(
        _GUARD + "n, before = len(answers), size // 2\npadded = np.concatenate([np.zeros(before), answers, "
        "np.zeros(size)])\nreturn np.array([padded[i : i + size].sum() / size for i in range(n)])"
    ),
    "mixes_districts": _e2(
        _GUARD + "out = np.empty(len(answers))\nstep = len(answers) // size\nfor first in range(step):\n"
        "    out[first::step] = answers[first::step].mean()\nreturn out"
    ),
    "adds_up": _e2(
        _GUARD + "out = np.zeros(len(answers))\nfor i in range(len(answers)):\n"
        "    start = i // size * size\n    out[i] = answers[start : start + size].sum()\nreturn out"
    ),
    "repeats_the_street": _e2(
        _GUARD + "means = [answers[i : i + size].mean() for i in range(0, len(answers), size)]\nreturn means * size"
    ),
    "size_counts_districts": _e2(
        _GUARD + "parts = np.split(answers, size)\n"
        "return np.concatenate([np.full(len(part), part.mean()) for part in parts])"
    ),
}

UNNAMED = {
    "no_refusal": _e2(
        "out = np.empty(len(answers))\nfor i in range(0, len(answers), size):\n"
        "    out[i : i + size] = answers[i : i + size].mean()\nreturn out"
    ),
    "other_error": _e2("assert len(answers) % size == 0\nreturn np.repeat(answers.reshape(-1, size).mean(1), size)"),
    "refuses_only_what_is_longer_than_the_street": _e2(
        "if size > len(answers):\n    raise ValueError(size)\nout = np.empty(len(answers))\n"
        "for i in range(0, len(answers), size):\n    out[i : i + size] = answers[i : i + size].mean()\nreturn out"
    ),
    "refuses_every_size": _e2("raise ValueError(size)"),
    "refuses_odd_rests_only": _e2(
        "if len(answers) % size % 2:\n    raise ValueError(size)\nout = np.empty(len(answers))\n"
        "for i in range(0, len(answers), size):\n    out[i : i + size] = answers[i : i + size].mean()\nreturn out"
    ),
    "mean_of_the_street": _e2(_GUARD + "return np.full(len(answers), answers.mean())"),
    "first_house_speaks": _e2(_GUARD + "return np.repeat(answers[::size], size)"),
    "median": _e2(
        _GUARD + "rows = answers.reshape(-1, size)\nmiddle = np.sort(rows, axis=1)[:, size // 2]\n"
        "return np.repeat(middle, size)"
    ),
    "one_house_late": _e2(_GUARD + "return np.roll(np.repeat(answers.reshape(-1, size).mean(axis=1), size), 1)"),
    "in_place": _e2(
        _GUARD + "rows = answers.reshape(-1, size)\nrows[:] = rows.mean(axis=1, keepdims=True)\nreturn rows.ravel()"
    ),
    "rows_left_apart": _e2(
        _GUARD
        + "rows = answers.reshape(-1, size)\nreturn np.broadcast_to(rows.mean(axis=1, keepdims=True), rows.shape)"
    ),
}

RIGHT = {
    "repeat": _e2(_GUARD + "return np.repeat(answers.reshape(-1, size).mean(axis=1), size)"),
    "loop": _e2(
        "if len(answers) % size != 0:\n    raise ValueError('does not fit')\nout = []\n"
        "for start in range(0, len(answers), size):\n    part = answers[start : start + size]\n"
        "    out += [sum(part) / size] * size\nreturn out"
    ),
    "broadcast": _e2(
        _GUARD + "rows = answers.reshape(-1, size)\n"
        "return np.broadcast_to(rows.mean(axis=1, keepdims=True), rows.shape).reshape(-1)"
    ),
    "matrix": _e2(
        _GUARD + "k = len(answers) // size\nmean = np.kron(np.eye(k), np.full((size, size), 1 / size))\n"
        "return mean @ answers"
    ),
    "bincount": _e2(
        _GUARD + "district = np.arange(len(answers)) // size\nreturn (np.bincount(district, answers) / size)[district]"
    ),
    "numpy_refuses": _e2(
        "rows = np.asarray(answers, dtype=np.float32).reshape(len(answers) // size or -1, size)\n"
        "return np.repeat(rows.mean(axis=1), size)"
    ),
    "split": _e2(
        _GUARD + "parts = np.split(answers, len(answers) // size)\n"
        "return np.concatenate([np.full(size, part.mean()) for part in parts])"
    ),
}
