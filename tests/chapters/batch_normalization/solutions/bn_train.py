"""E1: right solutions of different style, wrong ones by the name of their misconception, and wrong ones without."""

RIGHT = {
    "vectorised": "def bn_train(x):\n    return x - x.mean(axis=0)",
    "loop": (
        "def bn_train(x):\n"
        "    out = x.copy()\n"
        "    for column in range(x.shape[1]):\n"
        "        out[:, column] -= sum(x[:, column]) / len(x)\n"
        "    return out"
    ),
}

WRONG = {
    "one_mean_for_all": "def bn_train(x):\n    return x - np.mean(x)",
    "mean_of_rows": "def bn_train(x):\n    return x - x.mean(axis=1, keepdims=True)",
}

UNNAMED = {
    "adds": "def bn_train(x):\n    return x + x.mean(axis=0)",
    "in_place": "def bn_train(x):\n    x -= x.mean(axis=0)\n    return x",
}
