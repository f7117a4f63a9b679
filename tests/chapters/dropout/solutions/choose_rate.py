"""E8, choose_rate: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e8(body: str, before: str = "import numpy as np") -> str:
    return f"{before}\n\ndef choose_rate(results, tol):\n{indent(body, '    ')}\n"


_MEANS = "means = {rate: sum(scores) / len(scores) for rate, scores in results.items()}\nbest = max(means.values())\n"
_GOOD = _MEANS + "good = [rate for rate, mean in means.items() if mean >= best - tol]\n"

WRONG = {
    "used_max_not_mean": _e8((_GOOD + "return min(good)").replace("sum(scores) / len(scores)", "max(scores)")),
    "largest_on_tie": _e8(_GOOD + "return max(good)"),
    "last_key_wins": _e8(_GOOD + "return good[-1]"),
    "picked_half_by_default": _e8("return 0.5"),
}

VARIANTS = {
    "used_max_not_mean": _e8(
        "tops = {rate: np.max(scores) for rate, scores in results.items()}\n"
        "return min(r for r in tops if tops[r] >= max(tops.values()) - tol)"
    ),
    "largest_on_tie": _e8(_GOOD + "return sorted(good)[-1]"),
    "last_key_wins": _e8(
        _MEANS + "for rate, mean in means.items():\n    if best - mean <= tol:\n        chosen = rate\nreturn chosen"
    ),
    "picked_half_by_default": _e8(_GOOD + "return 0.5 if 0.5 in results else min(good)"),
}

UNNAMED = {
    "within_tol_strictly_or_the_best": _e8(
        _MEANS + "return min(r for r, m in means.items() if m > best - tol or m == best)"
    ),
    "climbs_until_the_first_dip": _e8(
        _MEANS
        + "rates = sorted(means)\ntop = rates[0]\nfor a, b in zip(rates, rates[1:]):\n"
        + "    if means[b] < means[a]:\n        break\n    top = b\n"
        + "return min(r for r in rates if means[r] >= means[top] - tol)"
    ),
    "scores_taken_for_positive": _e8(
        (_GOOD + "return min(good)").replace("max(means.values())", "max([0, *means.values()])")
    ),
    "zero_is_no_rate": _e8(_GOOD + "pick = None\nfor rate in sorted(good):\n    pick = pick or rate\nreturn pick"),
    "first_key_wins": _e8(_GOOD + "return good[0]"),
    "best_mean_ignores_tol": _e8(_MEANS + "return min(rate for rate, mean in means.items() if mean == best)"),
    "strictly_within_tol": _e8(_MEANS + "return min(r for r, mean in means.items() if mean > best - tol)"),
    "smallest_of_all": _e8("return min(results)"),
    "median": _e8((_GOOD + "return min(good)").replace("sum(scores) / len(scores)", "float(np.median(scores))")),
    "lower_is_better": _e8(
        "means = {rate: np.mean(s) for rate, s in results.items()}\nworst = min(means.values())\n"
        "return min(rate for rate, mean in means.items() if mean <= worst + tol)"
    ),
    "tol_as_a_share": _e8(_MEANS + "return min(rate for rate, mean in means.items() if mean >= best * (1 - tol))"),
    "returns_the_score": _e8(_GOOD + "return means[min(good)]"),
    "returns_a_list": _e8(_GOOD + "return sorted(good)"),
    "first_seed_only": _e8((_GOOD + "return min(good)").replace("sum(scores) / len(scores)", "scores[0]")),
    "last_seed_only": _e8((_GOOD + "return min(good)").replace("sum(scores) / len(scores)", "scores[-1]")),
    "as_many_seeds_as_the_shortest": _e8(
        "means = dict(zip(results, np.mean(list(zip(*results.values())), axis=0)))\n"
        "return min(rate for rate, mean in means.items() if mean >= max(means.values()) - tol)"
    ),
    "divided_by_the_longest": _e8(
        "n = max(map(len, results.values()))\n"
        + (_GOOD + "return min(good)").replace("sum(scores) / len(scores)", "sum(scores) / n")
    ),
    "means_against_the_best_score": _e8(
        _MEANS + "top = max(map(max, results.values()))\n"
        "return min([rate for rate, mean in means.items() if mean >= top - tol] or results)"
    ),
    "ranked_by_mean": _e8(_GOOD + "return sorted(good, key=means.get)[0]"),
    "walks_down_to_the_first_gap": _e8(
        _MEANS + "rates = sorted(means)\ni = rates.index(max(means, key=means.get))\n"
        "while i and means[rates[i - 1]] >= best - tol:\n    i -= 1\nreturn rates[i]"
    ),
    "worst_seed": _e8((_GOOD + "return min(good)").replace("sum(scores) / len(scores)", "min(scores)")),
    "sum_not_mean": _e8((_GOOD + "return min(good)").replace("sum(scores) / len(scores)", "sum(scores)")),
    "within_tol_of_the_neighbour": _e8(
        _MEANS + "rates = sorted(means)\nchosen = rates[0]\nfor rate in rates[1:]:\n"
        "    if means[rate] > means[chosen] + tol:\n        chosen = rate\nreturn chosen"
    ),
    "standard_error_rule": _e8(
        _MEANS + "top = max(means, key=means.get)\nslack = np.std(results[top]) / np.sqrt(len(results[top]))\n"
        "return min(rate for rate, mean in means.items() if mean >= best - slack)"
    ),
    "nearest_to_the_border": _e8(_MEANS + "return min(means, key=lambda rate: abs(means[rate] - (best - tol)))"),
}

RIGHT = {
    "comprehension": _e8(_GOOD + "return min(good)"),
    "sorted_loop": _e8(
        _MEANS + "for rate in sorted(means):\n    if best - means[rate] <= tol:\n        return rate\n    continue"
    ),
    "numpy": _e8(
        "rates = np.array(list(results))\nmeans = np.array([np.mean(results[r]) for r in rates])\n"
        "return rates[means >= means.max() - tol].min()"
    ),
    "numpy_sorted": _e8(
        "rates = sorted(results)\nmeans = np.array([np.mean(results[rate]) for rate in rates])\n"
        "return float(rates[int(np.argmax(means >= means.max() - tol))])"
    ),
    "statistics": _e8(
        "best = max(map(fmean, results.values()))\n"
        "return next(r for r in sorted(results) if fmean(results[r]) >= best - tol)",
        "from statistics import fmean",
    ),
    "fractions": _e8(
        "means = {rate: sum(map(Fraction, scores)) / len(scores) for rate, scores in results.items()}\n"
        "return min(rate for rate, mean in means.items() if max(means.values()) - mean <= Fraction(tol))",
        "from fractions import Fraction",
    ),
    "plain_loops": _e8(
        "best, means = None, []\nfor rate in results:\n    total = 0.0\n    for score in results[rate]:\n"
        "        total += score\n    mean = total / len(results[rate])\n    means.append((rate, mean))\n"
        "    if best is None or mean > best:\n        best = mean\nchosen = None\nfor rate, mean in means:\n"
        "    if mean + tol >= best and (chosen is None or rate < chosen):\n        chosen = rate\nreturn chosen"
    ),
    "float32": _e8(
        "means = {r: np.mean(np.array(s, dtype=np.float32)) for r, s in results.items()}\n"
        "best = max(means.values())\nreturn min(r for r in means if means[r] >= best - np.float32(tol))"
    ),
    "with_slack_for_rounding": _e8(_MEANS + "return min(r for r, mean in means.items() if best - mean <= tol + 1e-9)"),
}
