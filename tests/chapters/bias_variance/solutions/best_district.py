"""E3, best_district: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e3(
    bias2: str = "((m - truth) ** 2).mean()", variance: str = "sigma**2 / size", best: str = "bias2 + variance"
) -> str:
    body = (
        "maps = [np.repeat(truth.reshape(-1, size).mean(axis=1), size) for size in sizes]\n"
        f"bias2 = np.array([{bias2} for m in maps])\n"
        f"variance = np.array([{variance} for size in sizes])\n"
        f"return sizes[int(np.argmin({best}))], bias2, variance"
    )
    return _plain(body)


def _plain(body: str) -> str:
    return f"import numpy as np\n\ndef best_district(truth, sigma, sizes):\n{indent(body, '    ')}\n"


WRONG = {
    "bias_not_squared": _e3(bias2="np.abs(m - truth).mean()"),
    "signed_bias_cancels": _e3(bias2="(m - truth).mean() ** 2"),
    "variance_not_divided": _e3(variance="sigma**2"),
    "sigma_not_squared": _e3(variance="sigma / size"),
    "divided_by_districts": _e3(variance="sigma**2 / (len(truth) / size)"),
    "noise_in_variance": _e3(variance="sigma**2 / size + sigma**2"),
    "forgets_variance": _e3(best="bias2"),
    "forgets_bias": _e3(best="variance"),
    "place_for_size": _plain(
        "bias2 = np.array([truth.reshape(-1, s).var(axis=1).mean() for s in sizes])\n"
        "variance = sigma**2 / np.array(sizes)\nreturn int(np.argmin(bias2 + variance)), bias2, variance"
    ),
    "sums_over_houses": _e3(bias2="((m - truth) ** 2).sum()", variance="sigma**2 / size * len(truth)"),
}

VARIANTS = {
    "bias_not_squared": _e3(bias2="np.mean(np.sqrt((truth - m) ** 2))"),
    "signed_bias_cancels": _e3(bias2="(m.mean() - truth.mean()) ** 2"),
    "variance_not_divided": _e3(variance="sigma * sigma"),
    "sigma_not_squared": _e3(variance="sigma * (1 / size)"),
    "divided_by_districts": _e3(variance="sigma**2 * size / truth.size"),
    "noise_in_variance": _e3(variance="(1 + 1 / size) * sigma**2"),
    "forgets_variance": _plain(
        "found = []\nfor size in sizes:\n    rows = truth.reshape(-1, size)\n"
        "    found.append((rows.var(axis=1).mean(), sigma**2 / size))\nbias2, variance = zip(*found)\n"
        "return sizes[bias2.index(min(bias2))], bias2, variance"
    ),
    "forgets_bias": _plain(
        "found = []\nfor size in sizes:\n    rows = truth.reshape(-1, size)\n"
        "    found.append((rows.var(axis=1).mean(), sigma**2 / size))\nbias2, variance = zip(*found)\n"
        "return max(sizes), bias2, variance"
    ),
    "place_for_size": _plain(
        "bias2 = [truth.reshape(-1, s).var(axis=1).mean() for s in sizes]\nvariance = [sigma**2 / s for s in sizes]\n"
        "sums = [b + v for b, v in zip(bias2, variance)]\nreturn sums.index(min(sums)), bias2, variance"
    ),
    "sums_over_houses": _plain(
        "rows = [truth.reshape(-1, s) for s in sizes]\n"
        "bias2 = [np.sum((r - r.mean(1, keepdims=True)) ** 2) for r in rows]\n"
        "variance = [sigma**2 * (len(truth) // s) for s in sizes]\n"
        "return sizes[int(np.argmin(np.add(bias2, variance)))], bias2, variance"
    ),
}

UNNAMED = {
    "multiplies_the_parts": _e3(best="(bias2 + 1) * variance"),
    "bias_of_the_districts": _e3(bias2="m.var()"),
    "squares_the_size": _e3(variance="(sigma / size) ** 2"),
    "root_of_the_size": _e3(variance="sigma**2 / np.sqrt(size)"),
    "sorted_sizes": _plain(
        "sizes = sorted(sizes)\nbias2 = np.array([truth.reshape(-1, s).var(axis=1).mean() for s in sizes])\n"
        "variance = sigma**2 / np.array(sizes)\nreturn sizes[int(np.argmin(bias2 + variance))], bias2, variance"
    ),
    "one_poll": _plain(
        "rng = np.random.default_rng(0)\nanswers = truth + sigma * rng.normal(size=truth.shape)\n"
        "maps = [np.repeat(answers.reshape(-1, s).mean(axis=1), s) for s in sizes]\n"
        "bias2 = np.array([((m - truth) ** 2).mean() for m in maps])\nvariance = sigma**2 / np.array(sizes)\n"
        "return sizes[int(np.argmin(bias2 + variance))], bias2, variance"
    ),
    "in_place": _plain(
        "variance = [sigma**2 / s for s in sizes]\nbias2 = [truth.reshape(-1, s).var(axis=1).mean() for s in sizes]\n"
        "best = sizes[int(np.argmin(np.add(bias2, variance)))]\ntruth -= truth.mean()\nreturn best, bias2, variance"
    ),
    "only_the_size": _plain("return min(sizes, key=lambda s: truth.reshape(-1, s).var(axis=1).mean() + sigma**2 / s)"),
}

FITS_A_NAME = {  # where the number is one that a named idea leads to
    "multiplies_the_parts": "forgets_bias",
}

RIGHT = {
    "maps": _e3(),
    "within": _plain(
        "sizes_ = np.array(sizes)\nbias2 = np.array([truth.reshape(-1, s).var(axis=1).mean() for s in sizes])\n"
        "variance = sigma**2 / sizes_\nreturn sizes_[np.argmin(bias2 + variance)], bias2, variance"
    ),
    "loop": _plain(
        "bias2, variance, best, least = [], [], None, float('inf')\nfor size in sizes:\n    total = 0.0\n"
        "    for start in range(0, len(truth), size):\n        part = [float(v) for v in truth[start : start + size]]\n"
        "        middle = sum(part) / size\n        total += sum((v - middle) ** 2 for v in part)\n"
        "    bias2.append(total / len(truth))\n    variance.append(sigma * sigma / size)\n"
        "    if bias2[-1] + variance[-1] < least:\n        best, least = size, bias2[-1] + variance[-1]\n"
        "return best, bias2, variance"
    ),
    "dictionary": _plain(
        "parts = {s: (truth.reshape(-1, s).var(axis=1).mean(), sigma**2 / s) for s in sizes}\n"
        "best = min(parts, key=lambda s: sum(parts[s]))\nbias2, variance = zip(*(parts[s] for s in sizes))\n"
        "return best, bias2, variance"
    ),
    "squares_less_means": _plain(
        "bias2 = [np.mean(truth**2) - np.mean(truth.reshape(-1, s).mean(axis=1) ** 2) for s in sizes]\n"
        "variance = [sigma**2 / s for s in sizes]\nsums = [b + v for b, v in zip(bias2, variance)]\n"
        "return [sizes[sums.index(min(sums))], bias2, variance]"
    ),
    "float32": _plain(
        "rows = [truth.astype(np.float32).reshape(-1, s) for s in sizes]\n"
        "bias2 = np.array([np.mean((r - r.mean(1, keepdims=True)) ** 2) for r in rows])\n"
        "variance = (np.float32(sigma) ** 2 / np.array(sizes)).astype(np.float32)\n"
        "return np.array(sizes)[(bias2 + variance).argmin()], bias2, variance"
    ),
}
