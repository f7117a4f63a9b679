"""E1, split: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e1(body: str) -> str:
    return f"import numpy as np\n\ndef split(n, n_validation, n_test, rng):\n{indent(body, '    ')}\n"


_GUARD = "if n_validation + n_test >= n:\n    raise ValueError('no training rows')\n"
_CUT = "a, b = n_validation, n_validation + n_test\n"
_DRAW = _GUARD + _CUT + "order = rng.permutation(n)\n"

WRONG = {
    "last_rows": _e1(
        _GUARD + "rows = np.arange(n)\nk = n - n_validation - n_test\n"
        "return rows[:k], rows[k : k + n_validation], rows[k + n_validation :]"
    ),
    "drawn_separately": _e1(
        _GUARD + "validation = rng.choice(n, n_validation, replace=False)\n"
        "test = rng.choice(n, n_test, replace=False)\n"
        "train = rng.choice(n, n - n_validation - n_test, replace=False)\nreturn train, validation, test"
    ),
    "same_split_each_call": _e1(
        _GUARD + _CUT + "order = np.random.default_rng(0).permutation(n)\nreturn order[b:], order[:a], order[a:b]"
    ),
    "neighbours_stay_together": _e1(
        _GUARD + _CUT + "order = np.roll(np.arange(n), rng.integers(n))\nreturn order[b:], order[:a], order[a:b]"
    ),
}

VARIANTS = {
    "last_rows": _e1(_GUARD + _CUT + "return tuple(np.split(np.arange(n), [n - b, n - n_test]))"),
    "drawn_separately": _e1(
        _GUARD + "parts = [rng.permutation(n)[:k] for k in (n - n_validation - n_test, n_validation, n_test)]\n"
        "return tuple(parts)"
    ),
    "same_split_each_call": _e1(
        _GUARD + _CUT + "order = np.arange(n)\nnp.random.default_rng(42).shuffle(order)\n"
        "return order[b:], order[:a], order[a:b]"
    ),
    "neighbours_stay_together": _e1(
        _GUARD + "first = rng.integers(n)\nrows = [(first + k) % n for k in range(n)]\n"
        "return rows[n_validation + n_test :], rows[n_test : n_validation + n_test], rows[:n_test]"
    ),
}

UNNAMED = {
    "validation_among_the_rest": _e1(
        _GUARD + "order = rng.permutation(n)\ntest = order[:n_test]\nrest = order[n_test:]\n"
        "return rest, rest[:n_validation], test"
    ),
    "with_replacement": _e1(_DRAW + "order = rng.integers(0, n, n)\nreturn order[b:], order[:a], order[a:b]"),
    "sizes_swapped": _e1(_DRAW + "return order[b:], order[a:b][: a + 0], order[:a]"),
    "no_refusal": _e1(_CUT + "order = rng.permutation(n)\nreturn order[b:], order[:a], order[a:b]"),
    "other_error": _e1(
        "assert n_validation + n_test < n\n"
        + _CUT
        + "order = rng.permutation(n)\nreturn order[b:], order[:a], order[a:b]"
    ),
    "refuses_too_late": _e1(
        _CUT + "if b > n:\n    raise ValueError\norder = rng.permutation(n)\nreturn order[b:], order[:a], order[a:b]"
    ),
    "counts_from_one": _e1(_DRAW + "order = order + 1\nreturn order[b:], order[:a], order[a:b]"),
    "global_generator": _e1(
        _GUARD + _CUT + "order = np.random.default_rng().permutation(n)\nreturn order[b:], order[:a], order[a:b]"
    ),
    "only_the_first_half_is_tested": _e1(
        _GUARD + "order = rng.permutation(n // 2)\ntest = order[:n_test]\n"
        "rest = rng.permutation(np.setdiff1d(np.arange(n), test))\n"
        "return rest[n_validation:], rest[:n_validation], test"
    ),
    "the_first_of_the_rest_validate": _e1(
        _GUARD + "test = rng.choice(n, n_test, replace=False)\nrest = np.setdiff1d(np.arange(n), test)\n"
        "return rest[n_validation:], rest[:n_validation], test"
    ),
    "one_order_turned": _e1(
        _GUARD + _CUT + "order = np.roll(np.random.default_rng(1).permutation(n), rng.integers(n))\n"
        "return order[b:], order[:a], order[a:b]"
    ),
    "masks": _e1(_DRAW + "return [np.isin(np.arange(n), part) for part in (order[b:], order[:a], order[a:b])]"),
    "another_order": _e1(_DRAW + "return order[:a], order[a:b], order[b:]"),
}

RIGHT = {
    "cut": _e1(_DRAW + "return order[b:], order[:a], order[a:b]"),
    "np_split": _e1(
        "n_train = n - n_validation - n_test\nif n_train < 1:\n    raise ValueError(n_train)\n"
        "return np.split(rng.permutation(n), [n_train, n_train + n_validation])"
    ),
    "shuffled_list": _e1(
        _GUARD + _CUT + "rows = list(range(n))\nrng.shuffle(rows)\nreturn rows[b:], rows[:a], rows[a:b]"
    ),
    "one_after_the_other": _e1(
        _GUARD + "left = np.arange(n)\ntest = rng.choice(left, n_test, replace=False)\n"
        "left = np.setdiff1d(left, test)\nvalidation = rng.choice(left, n_validation, replace=False)\n"
        "return np.setdiff1d(left, validation), validation, test"
    ),
    "sorted_by_chance": _e1(
        _GUARD + "order = np.argsort(rng.random(n))\ntest, validation, train = "
        "order[:n_test], order[n_test : n_test + n_validation], order[n_test + n_validation :]\n"
        "return train.astype(np.int32), validation.astype(np.int32), test.astype(np.int32)"
    ),
    "sets": _e1(
        _GUARD + "rows = set(range(n))\n"
        "test = rng.choice(sorted(rows), size=n_test, replace=False).tolist()\nrows -= set(test)\n"
        "validation = rng.choice(sorted(rows), size=n_validation, replace=False).tolist()\n"
        "return sorted(rows - set(validation)), validation, test"
    ),
}
