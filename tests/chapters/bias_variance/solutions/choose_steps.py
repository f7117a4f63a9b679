"""E4, the capstone: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e4(body: str) -> str:
    return f"import numpy as np\n\ndef choose_steps(x, y, x_val, y_val):\n{indent(body, '    ')}\n"


_ALL = "found = {steps: predict(networks, x_val) for steps, networks in train(x, y).items()}\n"
_ALONE = "alone = min(found, key=lambda s: ((found[s] - y_val) ** 2).mean())\n"
_TOGETHER = "together = min(found, key=lambda s: ((found[s].mean(axis=0) - y_val) ** 2).mean())\n"

_LEAST = "alone = min(found, key=lambda s: found[s].var(axis=0).mean())\n"
_FIRST = "alone = min(found, key=lambda s: ((found[s][0] - y_val) ** 2).mean())\n"

WRONG = {
    "bias_decides": _e4("return 500, 500"),
    "variance_decides": _e4(_ALL + _LEAST + "return alone, alone"),
    "same_for_average": _e4(_ALL + _ALONE + "return alone, alone"),
    "one_network_decides": _e4(_ALL + _FIRST + _TOGETHER + "return alone, together"),
}

VARIANTS = {
    "bias_decides": _e4(
        "error = {}\nfor steps, networks in train(x, y).items():\n"
        "    fitted = [predict([(w[i : i + 1], b[i : i + 1]) for w, b in networks], x[i])[0] for i in range(40)]\n"
        "    error[steps] = np.mean((np.array(fitted) - y) ** 2)\nbest = min(error, key=error.get)\nreturn best, best"
    ),
    "variance_decides": _e4(_ALL + _LEAST + _TOGETHER + "return alone, together"),
    "same_for_average": _e4(
        "error = {s: ((predict(n, x_val) - y_val) ** 2).mean() for s, n in train(x, y).items()}\n"
        "best = min(error, key=error.get)\nreturn [best, best]"
    ),
    "one_network_decides": _e4(_ALL + _FIRST + "return alone, alone"),
}

UNNAMED = {
    "swapped": _e4(_ALL + _ALONE + _TOGETHER + "return together, alone"),
    "least_bias": _e4(_ALL + _TOGETHER + "return together, together"),
    "fewest": _e4("return min(train(x, y)), min(train(x, y))"),
    "last_network": _e4(
        _ALL
        + "alone = min(found, key=lambda s: ((found[s][-1] - y_val) ** 2).mean())\n"
        + _TOGETHER
        + "return alone, together"
    ),
    "most_networks": _e4(
        _ALL
        + "alone = min(found, key=lambda s: np.median(((found[s] - y_val) ** 2).mean(axis=1)))\n"
        + _TOGETHER
        + "return alone, together"
    ),
    "fixed_for_mixed": _e4("return 50, 500"),
    "fixed_for_careful": _e4("return 500, 50"),
    "fewest_for_the_average": _e4(_ALL + _ALONE + "return alone, 10"),
    "in_between": _e4("return 100, 300"),
    "places": _e4(_ALL + _ALONE + _TOGETHER + "return list(found).index(alone), list(found).index(together)"),
    "one_number": _e4(_ALL + _ALONE + "return alone"),
    "errors": _e4(
        _ALL + "return min(((p - y_val) ** 2).mean() for p in found.values()), "
        "min(((p.mean(axis=0) - y_val) ** 2).mean() for p in found.values())"
    ),
}

FITS_A_NAME = {  # where the number of steps is one that a named idea leads to
    "swapped": "bias_decides",
    "least_bias": "bias_decides",
    "fewest": "variance_decides",
    "last_network": "one_network_decides",
    "most_networks": "bias_decides",
    "fixed_for_careful": "bias_decides",
    "fewest_for_the_average": "variance_decides",
}

RIGHT = {
    "loop": _e4(
        "best_alone = best_together = None\nlow_alone = low_together = np.inf\n"
        "for steps, networks in train(x, y).items():\n    p = predict(networks, x_val)\n"
        "    a, t = np.mean((p - y_val) ** 2), np.mean((p.mean(0) - y_val) ** 2)\n"
        "    if a < low_alone:\n        best_alone, low_alone = steps, a\n"
        "    if t < low_together:\n        best_together, low_together = steps, t\nreturn best_alone, best_together"
    ),
    "arrays": _e4(
        "nets = train(x, y)\nsteps = np.array(list(nets))\np = np.array([predict(n, x_val) for n in nets.values()])\n"
        "alone = ((p - y_val) ** 2).mean(axis=(1, 2))\ntogether = ((p.mean(axis=1) - y_val) ** 2).mean(axis=1)\n"
        "return np.array([steps[alone.argmin()], steps[together.argmin()]])[0], steps[together.argmin()]"
    ),
    "bias_and_variance": _e4(
        _ALL + "bias = {s: ((p.mean(axis=0) - y_val) ** 2).mean() for s, p in found.items()}\n"
        "variance = {s: p.var(axis=0).mean() for s, p in found.items()}\n"
        "return min(bias, key=lambda s: bias[s] + variance[s]), min(bias, key=bias.get)"
    ),
    "dictionary_of_pairs": _e4(
        "errors = {}\nfor steps, networks in train(x, y).items():\n    p = predict(networks, x_val)\n"
        "    errors[steps] = np.mean((p - y_val) ** 2), np.mean((p.mean(axis=0) - y_val) ** 2)\n"
        "return tuple(min(errors, key=lambda s: errors[s][i]) for i in (0, 1))"
    ),
    "half_of_the_rows": _e4(
        _ALL.replace("x_val", "x_val[::2]") + "y_val = y_val[::2]\n" + _ALONE + _TOGETHER + "return alone, together"
    ),
}
