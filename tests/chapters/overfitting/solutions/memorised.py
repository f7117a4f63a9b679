"""E2, memorised: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e2(body: str) -> str:
    return f"import numpy as np\n\ndef memorised(answers, told, right):\n{indent(body, '    ')}\n"


_WRONG = "wrong = told != right\n"

WRONG = {
    "divides_by_all": _e2(
        _WRONG + "same = answers == told\nrepeated = np.mean(same & wrong) if wrong.any() else np.nan\n"
        "return np.mean(same & ~wrong), repeated"
    ),
    "counts_put_right": _e2(
        _WRONG + "repeated = np.mean(answers[wrong] == right[wrong]) if wrong.any() else np.nan\n"
        "return np.mean(answers[~wrong] == told[~wrong]), repeated"
    ),
    "counts_every_error": _e2(
        _WRONG + "repeated = np.mean(answers[wrong] != right[wrong]) if wrong.any() else np.nan\n"
        "return np.mean(answers[~wrong] == told[~wrong]), repeated"
    ),
}

VARIANTS = {
    "divides_by_all": _e2(
        _WRONG + "learnt = sum((answers == told) & (told == right)) / len(told)\n"
        "repeated = sum((answers == told) & wrong) / len(told) if sum(wrong) else float('nan')\nreturn learnt, repeated"
    ),
    "counts_put_right": _e2(
        _WRONG + "ok = answers == right\nreturn ok[~wrong].mean(), ok[wrong].mean() if wrong.any() else np.nan"
    ),
    "counts_every_error": _e2(
        _WRONG + "ok = answers == right\nreturn ok[~wrong].mean(), 1 - ok[wrong].mean() if wrong.any() else np.nan"
    ),
}

UNNAMED = {
    "swapped": _e2(
        _WRONG + "same = answers == told\nreturn same[wrong].mean() if wrong.any() else np.nan, same[~wrong].mean()"
    ),
    "nothing_for_nan": _e2(
        _WRONG + "same = answers == told\nreturn same[~wrong].mean(), same[wrong].mean() if wrong.any() else 0.0"
    ),
    "counts": _e2(_WRONG + "same = answers == told\nreturn same[~wrong].sum(), same[wrong].sum() or np.nan"),
    "wrong_by_the_answers": _e2(
        "wrong = answers != right\nsame = answers == told\n"
        "return same[~wrong].mean(), same[wrong].mean() if (told != right).any() else np.nan"
    ),
    "accuracy_of_both": _e2(
        "share = np.mean(answers == told)\nreturn share, share if (told != right).any() else np.nan"
    ),
    "percent": _e2(
        _WRONG
        + "same = 100 * (answers == told)\nreturn same[~wrong].mean(), same[wrong].mean() if wrong.any() else np.nan"
    ),
    "corrects_the_labels": _e2(
        _WRONG + "same = answers == told\nlearnt, repeated = same[~wrong].mean(), same[wrong].mean() if wrong.any() "
        "else np.nan\ntold[wrong] = right[wrong]\nreturn learnt, repeated"
    ),
}

RIGHT = {
    "masks": _e2(
        _WRONG + "same = answers == told\nreturn same[~wrong].mean(), same[wrong].mean() if wrong.any() else np.nan"
    ),
    "empty_mean": _e2(
        "with np.errstate(all='ignore'):\n    wrong = told != right\n    same = answers == told\n"
        "    return np.mean(same[told == right]), np.mean(same[wrong])"
    ),
    "mean_of_no_rows": _e2("same = answers == told\nreturn same[told == right].mean(), same[told != right].mean()"),
    "counts": _e2(
        "learnt = np.sum((answers == told) & (told == right)) / np.sum(told == right)\nn = np.sum(told != right)\n"
        "return learnt, np.sum((answers == told) & (told != right)) / n if n else float('nan')"
    ),
    "loop": _e2(
        "hits = {True: [], False: []}\nfor a, t, r in zip(answers, told, right):\n    hits[t == r].append(a == t)\n"
        "return tuple(sum(h) / len(h) if h else float('nan') for h in (hits[True], hits[False]))"
    ),
    "float32": _e2(
        _WRONG + "same = (answers == told).astype(np.float32)\n"
        "return [same[~wrong].mean(), same[wrong].mean() if wrong.any() else np.float32('nan')]"
    ),
    "weights": _e2(
        _WRONG + "same = (answers == told) * 1.0\nlearnt = np.average(same, weights=~wrong)\n"
        "return learnt, np.average(same, weights=wrong) if any(wrong) else np.nan"
    ),
}
