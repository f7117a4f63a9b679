"""E2: right solutions, wrong ones by name, and wrong ones without."""

RIGHT = {
    "vectorised": "def running_sum(x):\n    return np.cumsum(x)",
    "loop": "def running_sum(x):\n    return [sum(x[: n + 1]) for n in range(len(x))]",
}

WRONG = {
    "last_left_out": "def running_sum(x):\n    return np.cumsum(x) - x",
    "mean_instead": "def running_sum(x):\n    return np.cumsum(x) / np.arange(1, len(x) + 1)",
}

UNNAMED = {"from_behind": "def running_sum(x):\n    return np.cumsum(x[::-1])[::-1]"}
