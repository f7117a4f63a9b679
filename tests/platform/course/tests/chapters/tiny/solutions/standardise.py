"""E1: right solutions, wrong ones by name, and wrong ones without."""

RIGHT = {
    "vectorised": "def standardise(x, shift):\n    return (x - x.mean(axis=0)) / x.std(axis=0) + shift",
    "loop": (
        "def standardise(x, shift):\n"
        "    out = x.copy()\n"
        "    for column in range(x.shape[1]):\n"
        "        out[:, column] = (x[:, column] - x[:, column].mean()) / x[:, column].std() + shift\n"
        "    return out"
    ),
}

WRONG = {
    "no_rescale": "def standardise(x, shift):\n    return x - x.mean(axis=0) + shift",
    "one_mean_for_all": "def standardise(x, shift):\n    return (x - x.mean()) / x.std() + shift",
    "shift_forgotten": "def standardise(x, shift):\n    return (x - x.mean(axis=0)) / x.std(axis=0)",
}

UNNAMED = {
    "in_place": "def standardise(x, shift):\n    x -= x.mean(axis=0)\n    x /= x.std(axis=0)\n    return x + shift",
    "by_rows": "def standardise(x, shift):\n    return (x.T - x.mean(axis=1)).T + shift",
}
