"""E3, early_stop: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e3(body: str) -> str:
    return f"import numpy as np\n\ndef early_stop(values, patience, mode):\n{indent(body, '    ')}\n"


_SIGNED = "v = [x if mode == 'min' else -x for x in values]\n"
_LOOP = _SIGNED + (
    "best, waited = 0, 0\n"
    "for e in range(1, len(v)):\n"
    "    if v[e] < v[best]:\n"
    "        best, waited = e, 0\n"
    "    else:\n"
    "        waited += 1\n"
    "    if waited == patience:\n"
    "        return best + 1, e + 1\n"
    "return best + 1, len(v)"
)


def _changed(*changes: tuple[str, str]) -> str:
    body = _LOOP
    for old, new in changes:
        assert old in body, old
        body = body.replace(old, new)
    return _e3(body)


WRONG = {
    "returns_last_epoch": _changed(
        ("return best + 1, e + 1", "return e + 1, e + 1"), ("return best + 1, len(v)", "return len(v), len(v)")
    ),
    "one_epoch_late": _changed(("waited == patience", "waited > patience")),
    "compares_with_previous": _changed(("v[e] < v[best]", "v[e] < v[e - 1]")),
    "never_resets": _changed(("best, waited = e, 0", "best = e")),
    "looks_ahead": _changed(("return best + 1, e + 1", "return int(np.argmin(v)) + 1, e + 1")),
    "counts_from_zero": _changed(
        ("return best + 1, e + 1", "return best, e"), ("return best + 1, len(v)", "return best, len(v)")
    ),
    "ignores_mode": _changed(("x if mode == 'min' else -x", "x")),
    "tie_is_better": _changed(("v[e] < v[best]", "v[e] <= v[best]")),
}

VARIANTS = {
    "returns_last_epoch": _e3(
        _SIGNED + "lowest, waited = v[0], 0\nfor e, x in enumerate(v[1:], 2):\n"
        "    waited = 0 if x < lowest else waited + 1\n    lowest = min(lowest, x)\n"
        "    if waited >= patience:\n        return e, e\nreturn e, e"
    ),
    "one_epoch_late": _changed(("waited == patience", "waited >= patience + 1")),
    "compares_with_previous": _e3(
        _SIGNED + "best, last = 1, v[0]\nfor e, x in enumerate(v[1:], 2):\n    if x < last:\n        best = e\n"
        "    last = x\n    if e - best >= patience:\n        return best, e\nreturn best, e"
    ),
    "never_resets": _e3(
        _SIGNED + "lowest, best, bad = np.inf, 0, 0\nfor e, x in enumerate(v, 1):\n    if x < lowest:\n"
        "        lowest, best = x, e\n    else:\n        bad += 1\n    if bad >= patience:\n        return best, e\n"
        "return best, len(v)"
    ),
    "looks_ahead": _changed(("return best + 1, e + 1", "return v.index(min(v)) + 1, e + 1")),
    "counts_from_zero": _e3(
        _SIGNED + "best = 0\nfor e, x in enumerate(v):\n    if x < v[best]:\n        best = e\n"
        "    elif e - best >= patience:\n        return best, e\nreturn best, len(v)"
    ),
    "ignores_mode": _e3(
        "best = 0\nfor e, x in enumerate(values):\n    if x < values[best]:\n        best = e\n"
        "    elif e - best >= patience:\n        return best + 1, e + 1\nreturn best + 1, len(values)"
    ),
    "tie_is_better": _e3(
        _SIGNED + "best, lowest = 0, np.inf\nfor e, x in enumerate(v, 1):\n    if not x > lowest:\n"
        "        best, lowest = e, x\n    elif e - best >= patience:\n        return best, e\nreturn best, len(v)"
    ),
}

UNNAMED = {
    "never_stops": _e3(_SIGNED + "return int(np.argmin(v)) + 1, len(v)"),
    "returns_the_value": _changed(("return best + 1, e + 1", "return v[best], e + 1")),
    "swapped": _changed(("return best + 1, e + 1", "return e + 1, best + 1")),
    "one_too_early": _changed(("waited == patience", "waited == patience - 1")),
    "modes_swapped": _changed(("x if mode == 'min' else -x", "x if mode == 'max' else -x")),
    "sorts_the_values": _e3("values.sort()\n" + _LOOP),
    "only_the_best": _e3(
        _LOOP.replace("return best + 1, e + 1", "return best + 1").replace("return best + 1, len(v)", "return best + 1")
    ),
    "runs_out_of_values": _changed(("return best + 1, len(v)", "raise ValueError")),
}

FITS_A_NAME = {"modes_swapped": "ignores_mode"}  # where larger values are better, it is the same

RIGHT = {
    "loop": _e3(_LOOP),
    "slices": _e3(
        "pick = np.argmin if mode == 'min' else np.argmax\nfor ran in range(1, len(values) + 1):\n"
        "    best = int(pick(values[:ran])) + 1\n    if ran - best == patience:\n        break\nreturn best, ran"
    ),
    "as_keras_does": _e3(
        "best, where, wait = (np.inf if mode == 'min' else -np.inf), 0, 0\n"
        "better = np.less if mode == 'min' else np.greater\n"
        "for epoch, value in enumerate(values):\n    wait += 1\n    if better(value, best):\n"
        "        best, where, wait = value, epoch, 0\n    elif wait >= patience:\n        return where + 1, epoch + 1\n"
        "return where + 1, len(values)"
    ),
    "running_minimum": _e3(
        "v = np.asarray(values) * (1 if mode == 'min' else -1)\nlow = np.minimum.accumulate(v)\n"
        "new = np.concatenate([[True], low[1:] < low[:-1]])\n"
        "best = np.maximum.accumulate(np.where(new, np.arange(1, len(v) + 1), 0))\n"
        "waited = np.arange(1, len(v) + 1) - best\nends = np.flatnonzero(waited >= patience)\n"
        "end = ends[0] if len(ends) else len(v) - 1\nreturn best[end], end + 1"
    ),
    "list_returned": _e3(
        "import operator\nbetter = operator.lt if mode == 'min' else operator.gt\nbest = 1\n"
        "for epoch in range(2, len(values) + 1):\n    if better(values[epoch - 1], values[best - 1]):\n"
        "        best = epoch\n"
        "    if epoch - best >= patience:\n        return [best, epoch]\nreturn [best, len(values)]"
    ),
    "while_loop": _e3(
        _SIGNED + "e, best = 1, 1\nwhile e < len(v) and e - best < patience:\n    e += 1\n"
        "    if v[e - 1] < v[best - 1]:\n        best = e\nreturn np.array([best, e])"
    ),
}
