"""E1, inverted_dropout: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import dedent


def _e1(training: str, *, inference: str = "return x.copy(), np.ones(x.shape)", before: str = "") -> str:
    """An inverted_dropout that is right but for the lines given."""
    lines = [
        "import numpy as np",
        "",
        "def inverted_dropout(x, rate, rng, training):",
        "    if not 0 <= rate < 1:",
        "        raise ValueError('rate must be in [0, 1)')",
        *(f"    {line}" for line in dedent(before).splitlines()),
        "    if not training:",
        f"        {inference}",
        *(f"    {line}" for line in dedent(training).strip().splitlines()),
    ]
    return "\n".join(lines) + "\n"


_E1_RIGHT = "mask = (rng.random(x.shape) >= rate) / (1 - rate)\nreturn x * mask, mask"

WRONG = {
    "no_rescale": _e1("mask = (rng.random(x.shape) >= rate).astype(float)\nreturn x * mask, mask"),
    "divided_by_rate": _e1("mask = (rng.random(x.shape) >= rate) / rate\nreturn x * mask, mask"),
    "scaled_down": _e1("mask = (rng.random(x.shape) >= rate) * (1 - rate)\nreturn x * mask, mask"),
    "rate_keep_swapped": _e1("mask = (rng.random(x.shape) < rate) / rate\nreturn x * mask, mask"),
    "scaled_at_inference": _e1(_E1_RIGHT, inference="return x * (1 - rate), np.ones(x.shape)"),
    "dropped_at_inference": _e1(
        _E1_RIGHT, inference="mask = (rng.random(x.shape) >= rate) / (1 - rate); return x * mask, mask"
    ),
    "shared_batch_mask": _e1(
        "mask = np.broadcast_to((rng.random(x.shape[1]) >= rate) / (1 - rate), x.shape).copy()\nreturn x * mask, mask"
    ),
    "whole_row_drop": _e1(
        "mask = np.ones(x.shape) * (rng.random((x.shape[0], 1)) >= rate) / (1 - rate)\nreturn x * mask, mask"
    ),
    "exact_count": _e1(
        """
        mask = np.ones(x.size)
        mask[rng.permutation(x.size)[: round(rate * x.size)]] = 0
        mask = mask.reshape(x.shape) / (1 - rate)
        return x * mask, mask
        """
    ),
    "reseeds_each_call": _e1(_E1_RIGHT, before="rng = np.random.default_rng(0)"),
    "mutates_input": _e1("mask = (rng.random(x.shape) >= rate) / (1 - rate)\nx *= mask\nreturn x, mask").replace(
        "x *= mask", "x[...] = x * mask"
    ),
}

# Further ways to a named mistake, written differently.
VARIANTS = {
    "exact_count": _e1(
        """
        mask = np.ones(x.shape)
        for row in mask:
            row[rng.choice(row.size, int(rate * row.size), replace=False)] = 0
        mask /= 1 - rate
        return x * mask, mask
        """
    ),
    "scaled_at_inference": _e1(_E1_RIGHT, inference="return x * rate, np.ones(x.shape)"),
    "rate_keep_swapped": _e1("mask = (rng.random(x.shape) >= 1 - rate) / (1 - rate)\nreturn x * mask, mask"),
    "dropped_at_inference": _e1(_E1_RIGHT).replace("if not training:", "if training:"),
}

RIGHT = {
    "vectorised": _e1(_E1_RIGHT),
    "where": _e1(
        "mask = np.where(rng.random(x.shape) < rate, 0.0, 1.0 / (1.0 - rate))\nreturn np.multiply(x, mask), mask"
    ),
    "binomial": _e1("mask = rng.binomial(1, 1 - rate, x.shape) / (1 - rate)\nreturn x * mask, mask"),
    "loops": _e1(
        """
        mask = np.zeros(x.shape)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                if rng.uniform() >= rate:
                    mask[i, j] = 1 / (1 - rate)
        return mask * x, mask
        """
    ),
    "float32": _e1(
        "mask = ((rng.random(x.shape) >= rate) / (1 - rate)).astype(np.float32)\nreturn x * mask, mask",
        inference="return x, np.ones(x.shape, np.float32)",
    ),
    "copy_in_place": _e1(
        """
        out = x.astype(float).copy()
        mask = (rng.random(x.shape) >= rate).astype(float)
        mask /= 1.0 - rate
        out *= mask
        return out, mask
        """,
        inference="return x, np.ones_like(x)",
    ),
    "waiting_times": _e1("mask = (rng.geometric(1 - rate, x.shape) == 1) / (1 - rate)\nreturn x * mask, mask"),
    "an_object": _e1(_E1_RIGHT).replace("def inverted_dropout(", "def drop(self, ")
    + "inverted_dropout = type('Dropout', (), {'__call__': drop})()\n",
    "choice": _e1(
        "mask = rng.choice([0.0, 1 / (1 - rate)], size=x.shape, p=[rate, 1 - rate])\nreturn [x * mask, mask]"
    ),
}

# Wrong in ways that nobody gave a name, written from the prompt alone.
UNNAMED = {
    "antithetic_rows": _e1(
        """
        u = rng.random((-(-len(x) // 2), x.shape[1]))
        mask = (np.concatenate([u, 1 - u])[: len(x)] >= rate) / (1 - rate)
        return x * mask, mask
        """
    ),
    "antithetic_neighbours": _e1(
        """
        u = rng.random(x.size)
        u[1::2] = 1 - u[: x.size - 1 : 2] if x.size % 2 else 1 - u[::2]
        mask = (u.reshape(x.shape) >= rate) / (1 - rate)
        return x * mask, mask
        """
    ),
    "empty_rows_drawn_again": _e1(
        """
        mask = rng.random(x.shape) >= rate
        while not mask.any(axis=1).all():
            empty = ~mask.any(axis=1)
            mask[empty] = rng.random((empty.sum(), x.shape[1])) >= rate
        return x * mask / (1 - rate), mask / (1 - rate)
        """
    ),
    "inference_returns_x_alone": _e1(_E1_RIGHT, inference="return x"),
    "mask_in_the_type_of_x": _e1(
        "mask = ((rng.random(x.shape) >= rate) / (1 - rate)).astype(x.dtype)\nreturn x * mask, mask"
    ),
    "rate_in_tenths": _e1("mask = (rng.integers(0, 10, x.shape) >= rate * 10) / (1 - rate)\nreturn x * mask, mask"),
    "mask_read_off_the_output": _e1(
        "out = x * (rng.random(x.shape) >= rate) / (1 - rate)\nreturn out, (out != 0) / (1 - rate)"
    ),
    "refuses_rates_in_training_only": _e1(_E1_RIGHT).replace(
        "if not 0 <= rate < 1:", "if training and not 0 <= rate < 1:"
    ),
    "mask_returned_unscaled": _e1(
        "keep = rng.random(x.shape) >= rate\nreturn np.where(keep, x / (1 - rate), 0.0), keep.astype(float)"
    ),
    "gaussian_noise": _e1(
        "mask = rng.normal(1.0, np.sqrt(rate / (1 - rate)), x.shape)\nreturn x * mask, mask",
    ),
    "global_generator": _e1("mask = (np.random.random(x.shape) >= rate) / (1 - rate)\nreturn x * mask, mask"),
    "same_mask_in_every_column": _e1(
        "mask = np.ones(x.shape) * ((rng.random(x.shape) >= rate)[:, :1]) / (1 - rate)\nreturn x * mask, mask"
    ).replace("[:, :1]", "[:, ::-1] & (rng.random((x.shape[0], 1)) >= 0.1)"),
    "integers_stay_integers": _e1(
        "mask = (rng.random(x.shape) >= rate) / (1 - rate)\nreturn (x * mask).astype(x.dtype), mask"
    ),
    "accepts_rate_one": _e1(_E1_RIGHT).replace("0 <= rate < 1", "0 <= rate <= 1"),
    "accepts_negative_rates": _e1(_E1_RIGHT).replace("not 0 <= rate < 1", "rate >= 1"),
    "clips_instead_of_raising": _e1(_E1_RIGHT).replace(
        "raise ValueError('rate must be in [0, 1)')", "rate = min(max(rate, 0.0), 0.99)"
    ),
    "mask_without_out": _e1("mask = (rng.random(x.shape) >= rate) / (1 - rate)\nreturn mask"),
    "mask_zero_at_inference": _e1(_E1_RIGHT, inference="return x, np.zeros(x.shape)"),
    "rate_zero_leaves_integers": _e1(_E1_RIGHT, before="if rate == 0:\n    return x, np.ones(x.shape)"),
    "scaled_by_the_share_that_came": _e1(
        "keep = rng.random(x.shape) >= rate\nmask = keep / max(keep.mean(), 1e-9)\nreturn x * mask, mask"
    ),
    "scaled_twice": _e1("mask = (rng.random(x.shape) >= rate) / (1 - rate)\nreturn x * mask / (1 - rate), mask"),
    "first_row_never_dropped": _e1(
        "keep = rng.random(x.shape) >= rate\nkeep[0] = True\nreturn x * keep / (1 - rate), keep / (1 - rate)"
    ),
    "only_the_largest_survive": _e1("mask = (x > np.quantile(x, rate)) / (1 - rate)\nreturn x * mask, mask"),
    "rounds_the_scale": _e1("mask = (rng.random(x.shape) >= rate) * round(1 / (1 - rate), 1)\nreturn x * mask, mask"),
}

# Wrong in ways of their own, but with the very numbers of a named mistake.
FITS_A_NAME = {
    "mask_returned_unscaled": "no_rescale",
    "only_the_largest_survive": "reseeds_each_call",
}
