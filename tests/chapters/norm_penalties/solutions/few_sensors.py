"""E5, the capstone: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e5(body: str) -> str:
    return f"import numpy as np\n\ndef few_sensors(x, y, x_val, y_val):\n{indent(body, '    ')}\n"


_SCALE = "mean, spread = x.mean(axis=0), x.std(axis=0)\nz, z_val = (x - mean) / spread, (x_val - mean) / spread\n"
_SEARCH = (
    "best = None\nfor l1 in (0.02, 0.05, 0.1, 0.2, 0.3, 0.5):\n    w, b = train(z, y, l1=l1)\n"
    "    w = np.where(np.abs(w) > 0.1, w, 0)\n    error = ((z_val @ w + b - y_val) ** 2).mean()\n"
    "    if (w != 0).sum() <= 12 and (best is None or error < best[0]):\n        best = error, w, b\n_, w, b = best\n"
)
_BEST = (
    "fits = [train(z, y, l1=l1) for l1 in (0.01, 0.03, 0.1, 0.3, 1)]\n"
    "w, b = min(fits, key=lambda fit: ((z_val @ fit[0] + fit[1] - y_val) ** 2).mean())\n"
)
_TWELVE = "w = np.where(np.abs(w) >= np.sort(np.abs(w))[-12], w, 0)\n"
_BACK = "return w / spread, b - mean @ (w / spread)"

WRONG = {
    "not_standardised": _e5("return train(x, y, l1=0.2)"),
    "not_converted": _e5(_SCALE + _SEARCH + "return w, b"),
    "bias_not_converted": _e5(_SCALE + _SEARCH + "return w / spread, b"),
    "not_cut": _e5(_SCALE + "w, b = train(z, y, l1=0.2)\n" + _BACK),
    "too_strong": _e5(_SCALE + "w, b = train(z, y, l1=1.4)\nw[np.abs(w) < 0.15] = 0\n" + _BACK),
}

VARIANTS = {
    "not_standardised": _e5("w, b = train(x, y, l1=0.1)\n" + _TWELVE + "return w, b"),
    "bias_not_converted": _e5(_SCALE + "w, b = train(z, y, l1=0.1)\n" + _TWELVE + "return w / spread, y.mean()"),
    "not_converted": _e5(_SCALE + "w, b = train(z, y, l1=0.2)\nreturn np.where(np.abs(w) > 0.1, w, 0), b"),
    "not_cut": _e5(
        _SCALE + "def error(l2):\n    w, b = train(z, y, l2=l2)\n    return ((z_val @ w + b - y_val) ** 2).mean()\n\n"
        "w, b = train(z, y, l2=min((0, 0.03, 0.1, 0.3), key=error))\n" + _BACK
    ),
    "too_strong": _e5(_SCALE + "w, b = train(z, y, l1=2.2)\nw = w * (np.abs(w) >= np.sort(np.abs(w))[-5])\n" + _BACK),
}

UNNAMED = {
    "transposed_pair": _e5(_SCALE + _SEARCH + "return b - mean @ (w / spread), w / spread"),
    "weights_alone": _e5(_SCALE + _SEARCH + "return w / spread"),
    "raw_without_penalty": _e5("return train(x, y)"),
    "raw_by_validation": _e5(
        "best = None\nfor l1 in (0, 0.01, 0.03, 0.1, 0.3, 1):\n    w, b = train(x, y, l1=l1)\n"
        "    w = np.where(np.abs(w) > 0.01, w, 0)\n    error = ((x_val @ w + b - y_val) ** 2).mean()\n"
        "    if best is None or error < best[0]:\n        best = error, w, b\nreturn best[1:]"
    ),
    "raw_all_cut": _e5("w, b = train(x, y, l1=0.1)\nreturn np.where(np.abs(w) > 0.1, w, 0), b"),
    "divided_alone": _e5(
        "spread = x.std(axis=0)\nw, b = train(x / spread, y, l1=0.1)\n" + _TWELVE + "return w / spread, b"
    ),
    "bias_left_out": _e5(_SCALE + _SEARCH + "return w / spread, 0.0"),
    "bias_of_a_recipe": _e5(_SCALE + _BEST + "w[np.abs(w) < 0.1] = 0\n" + "return w / spread, b"),
    "first_twelve": _e5(
        _SCALE + "columns = np.c_[z[:, :12], np.ones(len(y))]\nfit = np.linalg.lstsq(columns, y, rcond=None)[0]\n"
        "w, b = np.zeros(40), fit[-1]\nw[:12] = fit[:-1]\n" + _BACK
    ),
    "largest_raw_weights": _e5(
        "columns = np.c_[x, np.ones(len(y))]\nw = np.linalg.lstsq(columns, y, rcond=None)[0][:-1]\n"
        "used = np.argsort(-np.abs(w))[:12]\ncolumns = np.c_[x[:, used], np.ones(len(y))]\n"
        "fit = np.linalg.lstsq(columns, y, rcond=None)[0]\nw = np.zeros(40)\nw[used] = fit[:-1]\nreturn w, fit[-1]"
    ),
    "cut_at_a_limit_alone": _e5(_SCALE + "w, b = train(z, y, l1=0.1)\nw[np.abs(w) < 0.1] = 0\n" + _BACK),
    "nothing_learnt": _e5("return np.zeros(40), y.mean()"),
    "diverged": _e5("return np.full(40, np.nan), 0.0"),
    "keeps_thirteen": _e5(
        _SCALE + "w, b = train(z, y, l1=0.03)\norder = np.argsort(-np.abs(w))\nw[order[13:]] = 0\n" + _BACK
    ),
    "fixed_strength": _e5(_SCALE + "w, b = train(z, y, l1=0.3)\nw[np.abs(w) < 0.1] = 0\n" + _BACK),
    "a_column_short": _e5(_SCALE + _SEARCH + "return (w / spread)[:-1], b - mean @ (w / spread)"),
}

FITS_A_NAME = {  # where error and sensors are those that a named idea leads to
    "raw_without_penalty": "not_standardised",
    "raw_by_validation": "not_standardised",
    "raw_all_cut": "not_standardised",
    "divided_alone": "not_standardised",
    "bias_of_a_recipe": "bias_not_converted",
    "fixed_strength": "too_strong",
}

RIGHT = {
    "lesson": _e5(_SCALE + _BEST + "w[np.abs(w) < 0.1] = 0\n" + _TWELVE + _BACK),
    "twelve_largest": _e5(_SCALE + _BEST + _TWELVE + "w = w / spread\nreturn w, np.array([b - mean @ w])"),
    "search": _e5(_SCALE + _SEARCH + _BACK),
    "two_strengths": _e5(
        _SCALE + "found = {}\nfor l1 in (0.05, 0.35):\n    w, b = train(z, y, l1=l1)\n    w[np.abs(w) < 0.12] = 0\n"
        "    if np.count_nonzero(w) <= 12:\n        found[np.abs(z_val @ w + b - y_val).mean()] = w, b\n"
        "w, b = found[min(found)]\n" + _BACK
    ),
    "refitted": _e5(
        _SCALE + "w, b = train(z, y, l1=0.35)\nused = np.abs(w) > 0.1\nw = np.zeros(40)\n"
        "w[used], b = train(z[:, used], y)\n" + _BACK
    ),
    "largest_by_l2": _e5(
        _SCALE + "w, b = train(z, y, l2=0.1)\nused = np.argsort(np.abs(w))[-8:]\nw = np.zeros(40)\n"
        "w[used], b = train(z[:, used], y)\n" + _BACK
    ),
    "own_soft_threshold": _e5(
        _SCALE + "def fit(l1):\n    w, b = np.zeros(40), y.mean()\n    for _step in range(800):\n"
        "        miss = z @ w + b - y\n        w = w - 0.1 * 2 * z.T @ miss / len(y)\n"
        "        w = np.sign(w) * np.maximum(np.abs(w) - 0.1 * l1, 0)\n    return w * (np.abs(w) > 0.1), b\n\n"
        "def error(l1):\n    w, b = fit(l1)\n    many = (w != 0).sum() > 12\n"
        "    return np.inf if many else ((z_val @ w + b - y_val) ** 2).mean()\n\n"
        "w, b = fit(min((0.02, 0.05, 0.3, 0.4), key=error))\n" + _BACK
    ),
    "greedy": _e5(
        _SCALE + "used = []\nfor _round in range(7):\n    columns = np.c_[z[:, used], np.ones(len(y))]\n"
        "    miss = y - columns @ np.linalg.lstsq(columns, y, rcond=None)[0]\n    fit = np.abs(z.T @ miss)\n"
        "    fit[used] = 0\n    used.append(int(fit.argmax()))\n"
        "w = np.zeros(40)\nw[used], b = train(z[:, used], y)\n" + _BACK
    ),
}
