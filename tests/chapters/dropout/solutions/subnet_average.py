"""E7, subnet_average: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import dedent, indent

_SOFTMAX = """
import itertools
import numpy as np

def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)

"""

_BODY = """\
masks = np.array(list(itertools.product([0, 1], repeat=len(x))))
kept = masks.sum(axis=1)
chance = (1 - rate) ** kept * rate ** (len(x) - kept)
p = softmax((masks * x) @ W + b)
arithmetic = chance @ p
geometric = np.exp(chance @ np.log(p))
geometric = geometric / geometric.sum()
scaled = softmax(((1 - rate) * x) @ W + b)
return geometric, arithmetic, scaled"""


def _e7(body: str, before: str = "") -> str:
    return f"{_SOFTMAX.lstrip()}{before}\ndef subnet_average(W, b, x, rate):\n{indent(dedent(body), '    ')}\n"


def _changed(*changes: tuple[str, str]) -> str:
    """The right body with pieces replaced."""
    body = _BODY
    for old, new in changes:
        assert old in body
        body = body.replace(old, new)
    return _e7(body)


_CHANCE = "(1 - rate) ** kept * rate ** (len(x) - kept)"
_SAMPLED = """
rng = np.random.default_rng()
p = softmax(((rng.random((2000, len(x))) >= rate) * x) @ W + b)
geometric = np.exp(np.log(p).mean(axis=0))
return geometric / geometric.sum(), p.mean(axis=0), softmax(x @ W * (1 - rate) + b)
"""

WRONG = {
    "unweighted_masks": _changed((_CHANCE, "np.full(len(masks), 1 / len(masks))")),
    "averaged_logits_unscaled": _changed(("((1 - rate) * x) @ W + b", "x @ W + b")),
    "no_renormalise": _changed(("geometric = geometric / geometric.sum()\n", "")),
    "arithmetic_for_both": _changed(("return geometric,", "return arithmetic,")),
    "random_masks_not_all": _e7(_SAMPLED),
}

VARIANTS = {
    "unweighted_masks": _e7(
        """
        answers = [softmax((np.array(m) * x) @ W + b) for m in itertools.product([0, 1], repeat=len(x))]
        geometric = np.prod(answers, axis=0) ** (1 / len(answers))
        return geometric / geometric.sum(), np.mean(answers, axis=0), softmax(x @ (W * (1 - rate)) + b)
        """
    ),
    "arithmetic_for_both": _changed(("geometric = np.exp(chance @ np.log(p))", "geometric = chance @ p")),
    "random_masks_not_all": _e7(_SAMPLED.replace("2000", "500")),
}

UNNAMED = {
    "means_in_each_others_place": _changed(("return geometric, arithmetic,", "return arithmetic, geometric,")),
    "rate_and_keep_swapped": _changed((_CHANCE, "rate ** kept * (1 - rate) ** (len(x) - kept)")),
    "scaled_by_the_rate": _changed(("((1 - rate) * x) @ W + b", "(rate * x) @ W + b")),
    "bias_scaled_too": _changed(("((1 - rate) * x) @ W + b", "(1 - rate) * (x @ W + b)")),
    "masks_rescaled": _changed(("(masks * x) @ W", "(masks * x / (1 - rate)) @ W")),
    "bias_only_with_an_input": _changed(
        ("(masks * x) @ W + b", "(masks * x) @ W + b * masks.any(axis=1, keepdims=True)")
    ),
    "full_mask_left_out": _changed(("repeat=len(x))))", "repeat=len(x))))[:-1]")),
    "empty_mask_left_out": _changed(("repeat=len(x))))", "repeat=len(x))))[1:]")),
    "chances_of_counts_only": _changed((_CHANCE, "(1 - rate) ** kept")),
    "bias_masked_away": _changed(("p = softmax((masks * x) @ W + b)", "p = softmax((masks * x) @ W)")),
    "order_swapped": _changed(("return geometric, arithmetic,", "return arithmetic, geometric,")),
    "logits_instead_of_answers": _changed(("return geometric, arithmetic, scaled", "return np.log(p), p, scaled")),
    "softmax_over_masks": _changed(("p = softmax((masks * x) @ W + b)", "p = softmax(((masks * x) @ W + b).T).T")),
    "harmonic": _changed(("np.exp(chance @ np.log(p))", "1 / (chance @ (1 / p))")),
    "one_column_too_few": _changed(
        ("return geometric, arithmetic, scaled", "return geometric[:-1], arithmetic[:-1], scaled[:-1]")
    ),
    "only_two_arrays": _changed(("return geometric, arithmetic, scaled", "return geometric, arithmetic")),
    "arithmetic_renormalised_late": _changed(("arithmetic = chance @ p", "arithmetic = softmax(chance @ p)")),
    "seeded_sample": _e7(_SAMPLED.replace("default_rng()", "default_rng(0)")),
    "fixed_rate": _changed(("kept = masks.sum(axis=1)", "kept = masks.sum(axis=1); rate = 0.5")),
}

RIGHT = {
    "vectorised": _e7(_BODY),
    "loops": _e7(
        """
        n = len(x)
        arithmetic, logs = np.zeros(len(b)), np.zeros(len(b))
        for number in range(2**n):
            chance, logits = 1.0, b.astype(float).copy()
            for i in range(n):
                if number >> i & 1:
                    chance *= 1 - rate
                    logits += x[i] * W[i]
                else:
                    chance *= rate
            p = softmax(logits)
            arithmetic += chance * p
            logs += chance * np.log(p)
        geometric = np.exp(logs)
        return geometric / geometric.sum(), arithmetic, softmax((W * (1 - rate)).T @ x + b)
        """
    ),
    "recursion": _e7(
        """
        def each(i, logits, chance):
            if i == len(x):
                yield chance, softmax(logits)
                return
            yield from each(i + 1, logits, chance * rate)
            yield from each(i + 1, logits + x[i] * W[i], chance * (1 - rate))

        pairs = list(each(0, b, 1.0))
        arithmetic = sum(chance * p for chance, p in pairs)
        geometric = np.prod([p**chance for chance, p in pairs], axis=0)
        return [geometric / np.sum(geometric), arithmetic, softmax(np.dot(x, W) * (1 - rate) + b)]
        """
    ),
    "doubling": _e7(
        """
        logits, chance = b[None], np.ones(1)
        for value, row in zip(x, W):
            logits = np.concatenate([logits, logits + value * row])
            chance = np.concatenate([chance * rate, chance * (1 - rate)])
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        geometric = np.prod(p ** chance[:, None], axis=0)
        scaled = np.exp((1 - rate) * x @ W + b)
        return geometric / geometric.sum(), chance @ p, scaled / scaled.sum()
        """
    ),
    "bits": _e7(
        """
        n = x.shape[0]
        masks = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
        chance = np.where(masks == 1, 1 - rate, rate).prod(axis=1)[:, None]
        p = softmax(masks @ (x[:, None] * W) + b)
        log_mean = (chance * np.log(p)).sum(0)
        return softmax(log_mean), (chance * p).sum(0), softmax(x @ ((1 - rate) * W) + b)
        """
    ),
    "float32": _e7(
        """
        W, b, x = W.astype(np.float32), b.astype(np.float32), x.astype(np.float32)
        masks = np.array(list(itertools.product([0.0, 1.0], repeat=len(x))), dtype=np.float32)
        chance = np.prod(np.where(masks > 0, 1 - rate, rate), axis=1).astype(np.float32)
        p = softmax((masks * x) @ W + b)
        geometric = np.exp(chance @ np.log(p))
        return geometric / geometric.sum(), chance @ p, softmax(x @ W * np.float32(1 - rate) + b)
        """
    ),
    "the_theorem": _e7(
        """
        masks = np.stack(np.meshgrid(*[[0, 1]] * len(x), indexing="ij"), axis=-1).reshape(-1, len(x))
        chance = np.prod(rate ** (1 - masks) * (1 - rate) ** masks, axis=-1)
        scaled = softmax((1 - rate) * (x @ W) + b)
        return scaled, np.average(softmax((masks * x) @ W + b), axis=0, weights=chance), scaled
        """
    ),
    "keras_ops": _e7(
        """
        masks = np.array(list(itertools.product([0.0, 1.0], repeat=len(x))))
        chance = np.prod(np.where(masks > 0, 1 - rate, rate), axis=1, keepdims=True)
        logs = ops.log_softmax((masks * x) @ W + b, axis=-1)
        geometric = ops.softmax(ops.sum(chance * logs, axis=0))
        arithmetic = ops.sum(chance * ops.exp(logs), axis=0)
        return tuple(ops.convert_to_numpy(a) for a in (geometric, arithmetic, ops.softmax(x @ W * (1 - rate) + b)))
        """,
        "from keras import ops\n",
    ),
}

# Wrong in ways of their own, but with the very numbers of a named mistake.
FITS_A_NAME = {
    "fixed_rate": "unweighted_masks",
}
