"""E9, tune_dropout: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e9(body: str, before: str = "") -> str:
    imports = "import numpy as np\nfrom course.chapters.dropout.small_data import accuracy, train\n"
    return f"{imports}{before}\n\ndef tune_dropout(x, y, x_val, y_val, width):\n{indent(body, '    ')}\n"


_GRID = (
    "best, chosen = -1.0, None\n"
    "for input_rate in (0.0, 0.2, 0.5):\n"
    "    for rate in (0.0, 0.2, 0.5):\n"
    "        network, other = (train(x, y, width, input_rate, rate, seed) for seed in (5, 6))\n"
    "        score = accuracy(network, x_val, y_val) + accuracy(other, x_val, y_val)\n"
    "        if score > best:\n"
    "            best, chosen = score, (input_rate, rate)\n"
)
_ON_TRAINING_ROWS = _GRID.replace("x_val, y_val", "x, y")

WRONG = {
    "training_score_decides": _e9(_ON_TRAINING_ROWS + "return chosen"),
    "picked_half_by_default": _e9("return 0.5, 0.5"),
    "more_is_better": _e9("return 0.0, 0.9"),
    "place_does_not_matter": _e9("return 0.5, 0.0"),
    "rate_keep_swapped": _e9(_GRID + "return 1 - chosen[0], 1 - chosen[1]"),
}

VARIANTS = {
    "training_score_decides": _e9("return 0.0, 0.0"),
    "picked_half_by_default": _e9("return 0.0, 0.5"),
    "more_is_better": _e9("return 0.0, 0.8"),
    "place_does_not_matter": _e9(
        "rates = (0.4, 0.6)\n"
        "scores = [accuracy(train(x, y, width, input_rate=rate), x_val, y_val) for rate in rates]\n"
        "return rates[int(np.argmax(scores))], 0.0"
    ),
    "rate_keep_swapped": _e9(
        "pairs = [(i, r) for i in (1.0, 0.8) for r in (1.0, 0.5)]\n"
        "return max(pairs, key=lambda kept: accuracy(train(x, y, width, 1 - kept[0], 1 - kept[1]), x_val, y_val))"
    ),
}

UNNAMED = {
    "a_little_everywhere": _e9("return 0.2, 0.2"),
    "a_little": _e9("return 0.0, 0.2"),
    "returns_the_score": _e9(_GRID + "return best"),
    "returns_the_network": _e9(_GRID + "return network"),
    "percent": _e9(_GRID + "return 100 * chosen[0], 100 * chosen[1]"),
    "a_different_little": _e9("return 0.1, 0.1"),
}

RIGHT = {
    "grid": _e9(_GRID + "return chosen"),
    "hidden_only": _e9(
        "rates = [0.0, 0.2, 0.4, 0.5, 0.6]\n"
        "def mean(rate):\n"
        "    return np.mean([accuracy(train(x, y, width, rate=rate, seed=s), x_val, y_val) for s in range(2)])\n"
        "return 0.0, rates[int(np.argmax([mean(rate) for rate in rates]))]"
    ),
    "one_after_the_other": _e9(
        "def score(input_rate, rate):\n"
        "    return np.mean([accuracy(train(x, y, width, input_rate, rate, s), x_val, y_val) for s in (1, 2)])\n"
        "rate = max((0.0, 0.25, 0.5), key=lambda each: score(0.0, each))\n"
        "input_rate = max((0.0, 0.15, 0.3), key=lambda each: score(each, rate))\n"
        "return input_rate, rate"
    ),
    "random_search": _e9(
        "rng = np.random.default_rng(3)\n"
        "tried = [(0.0, 0.0), *((rng.uniform(0, 0.3), rng.uniform(0, 0.7)) for _ in range(12))]\n"
        "def score(pair):\n"
        "    return sum(accuracy(train(x, y, width, *pair, seed=s), x_val, y_val) for s in range(2))\n"
        "return max(tried, key=score)"
    ),
    "arrays": _e9(
        "inputs, hidden, seeds = [0.0, 0.2], [0.0, 0.3, 0.5], range(2)\n"
        "scores = np.array([[[accuracy(train(x, y, width, i, r, s), x_val, y_val) for s in seeds]\n"
        "                    for r in hidden] for i in inputs]).mean(axis=2)\n"
        "i, r = np.unravel_index(scores.argmax(), scores.shape)\n"
        "return np.float32(inputs[i]), np.array(hidden[r])"
    ),
    "smallest_within_one_point": _e9(
        "results = {r: [accuracy(train(x, y, width, rate=r, seed=s), x_val, y_val) for s in range(2)]\n"
        "           for r in (0.0, 0.3, 0.5)}\n"
        "means = {r: sum(scores) / len(scores) for r, scores in results.items()}\n"
        "return [0.0, min(r for r, mean in means.items() if mean >= max(means.values()) - 0.01)]"
    ),
    "own_accuracy": _e9(
        "def right(layers):\n"
        "    h = x_val\n"
        "    for weights, bias in layers[:-1]:\n"
        "        h = np.maximum(h @ weights + bias, 0)\n"
        "    return np.mean(np.argmax(h @ layers[-1][0] + layers[-1][1], axis=1) == y_val)\n"
        "pairs = [(i, r) for i in (0.0, 0.2) for r in (0.0, 0.4, 0.55)]\n"
        "rights = [[right(train(x, y, width, *pair, seed=seed)) for seed in (3, 4)] for pair in pairs]\n"
        "return pairs[int(np.argmax(np.median(rights, axis=1)))]"
    ),
}
