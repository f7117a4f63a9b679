"""E1 on the trusted side: what masks must look like. They are random: most lines are about shares and correlations."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from course.chapters.dropout.exercises.inverted_dropout import BAD_RATES, N_CALLS
from course.exercises.base import Case, ContractBroken
from course.exercises.codec import Value
from course.exercises.judging import TableJudge, Untouched, compared, criterion, line
from course.exercises.numerics import HALF, Floats, array_value, same, tolerance
from course.language import _, fill
from course.verdict import Finding

NEAR = 1e-5  # relative; float32 has seven digits
SIGMAS = 6.0  # a right answer strays this far about twice in 10⁹ draws


class InvertedDropoutJudge(TableJudge):
    """rate is the drop probability; mask must hold 0 or 1/(1−rate), independently for every value of x."""

    misconceptions = (
        "rate_keep_swapped",
        "no_rescale",
        "divided_by_rate",
        "scaled_down",
        "shared_batch_mask",
        "whole_row_drop",
        "exact_count",
        "reseeds_each_call",
        "dropped_at_inference",
        "scaled_at_inference",
        "mutates_input",
    )

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Untouched | Finding]:
        x, small, rate = case.inputs["x"], case.inputs["small"], case.inputs["rate"]
        mask = array_value(values, "mask", x.shape)
        out = array_value(values, "out", x.shape)
        near = tolerance(values, "out", "mask", usual=NEAR)
        product = bool(np.allclose(out, x * mask, rtol=near))
        masks = array_value(values, "masks", (N_CALLS, *small.shape), "mask")
        untouched = Untouched(
            _("x itself is not modified"),
            0.5,
            _("After the call x is no longer what it was. Work on a copy or make a new array."),
            before={"x": small},
            misconception="mutates_input",
        )
        return [
            self._dropped_share(mask, rate),
            self._survivors(mask, rate, near),
            criterion(
                product,
                _("out is x times mask"),
                compared(out, x * mask, _("Is what you return as `out` made with the mask that you return?")),
                0.5,
            ),
            self._independence(mask, masks, rate, array_value(values, "narrow", case.inputs["narrow"].shape, "mask")),
            self._randomness(masks, values, small.shape),
            line(
                _("in inference out equals x and the mask is all ones"),
                3,
                lambda label: self._inference(label, values, small, rate),
            ),
            untouched,
            line(
                _("integers in give floats out"),
                0.5,
                lambda label: self._integers(label, values, case.inputs["integers"], product),
            ),
            self._refusals(values),
        ]

    def _dropped_share(self, mask: Floats, rate: float) -> Finding:
        label = _("each value is dropped with probability `rate`")
        share = float(np.mean(mask == 0))
        if abs(share - rate) <= SIGMAS * np.sqrt(rate * (1 - rate) / mask.size) or _clustered(mask):
            return Finding(True, label, weight=3)
        told = _("A share of {share:.3f} of the mask is zero; about {rate} should be.")
        message = fill(told, share=share, rate=rate)
        swapped = abs(share - (1 - rate)) < 0.02
        return Finding(False, label, message, 3, "rate_keep_swapped" if swapped else None)

    def _survivors(self, mask: Floats, rate: float, near: float) -> Finding:
        label = _("survivors are multiplied by 1/(1 − rate)")
        kept = np.unique(mask[mask != 0])
        if kept.size and np.allclose(kept, 1 / (1 - rate), rtol=near):
            return Finding(True, label, weight=3)
        share = float(np.mean(mask == 0))
        expected = np.array([1 / (1 - rate)])
        message = compared(
            kept[:4] if kept.size else _("no value at all"),
            expected,
            _("What keeps the mean of x as it was?"),
            _("These are the values other than 0 in the mask.\n"),
        )
        if share == 0:
            return criterion(False, label, message, 3)  # nobody tried to drop anything
        names = {"no_rescale": 1.0, "divided_by_rate": 1 / rate, "scaled_down": 1 - rate}
        named = next((name for name, value in names.items() if kept.size and np.allclose(kept, value, rtol=near)), None)
        if named == "divided_by_rate" and abs(share - (1 - rate)) < 0.02:
            named = "rate_keep_swapped"
        return criterion(False, label, message, 3, named)

    def _independence(self, mask: Floats, masks: Floats, rate: float, narrow: Floats) -> Finding:
        label = _("every value of every sample is drawn independently")
        dropped = mask == 0
        if dropped.all() or not dropped.any():
            return Finding(False, label, _("This cannot be seen: in training all values fare the same."), 2)
        if (dropped == dropped[0]).all():
            message = _("All rows of the batch have the same mask. How often do you draw, and with which shape?")
            return Finding(False, label, message, 2, "shared_batch_mask")
        if (dropped == dropped[:, :1]).all():
            message = _("Whole rows are dropped or kept together. A neuron is one value of one row.")
            return Finding(False, label, message, 2, "whole_row_drop")
        counts = dropped.sum(axis=1)
        totals = (masks == 0).sum(axis=(1, 2))
        if (counts == counts[0]).all() or ((totals == totals[0]).all() and not (masks == masks[0]).all()):
            message = _("The number of dropped values is always exactly the same. Is each value drawn independently?")
            return Finding(False, label, message, 2, "exact_count")
        if _clustered(mask):
            message = _("The dropped values stand in patterns: some rows or columns agree.")
            return Finding(False, label, message, 2)
        share, emptied = float((narrow == 0).mean()), float((narrow == 0).all(axis=1).mean())
        if abs(emptied - share**3) > SIGMAS * np.sqrt(share**3 * (1 - share**3) / len(narrow)) + 1e-9:
            message = _(
                "Of rows of 3 values a share of {emptied:.3f} lost all three; by chance it would be {chance:.3f}."
            )
            return Finding(False, label, fill(message, emptied=emptied, chance=share**3), 2)
        paired = _paired(mask) or any(_related(one, two) for one, two in pairwise(masks) if (one != two).any())
        return criterion(not paired, label, _("One dropped value tells of another: they are drawn in pairs."), 2)

    def _randomness(self, masks: Floats, values: Mapping[str, Value], shape: tuple[int, ...]) -> Finding:
        label = _("every call draws anew from the `rng` it is given")
        if (masks == 0).all() or (masks != 0).all():
            return Finding(False, label, _("This cannot be seen: in training all values fare the same."), 2)
        if (masks == masks[0]).all():
            message = _(
                "Two calls in a row with the same rng gave the same mask. "
                "Does each call draw from `rng`, and from nothing else?"
            )
            return Finding(False, label, message, 2, "reseeds_each_call")
        first, repeated = (array_value(values, name, shape, "mask") for name in ("first", "repeated"))
        message = _("Two generators in the same state gave two different masks. Is `rng` what you draw from?")
        return criterion(np.array_equal(first, repeated), label, message, 2)

    def _inference(self, label: str, values: Mapping[str, Value], x: Floats, rate: float) -> Finding:
        _require("inference", values)
        out = array_value(values, "inference_out", x.shape, "out")
        mask = array_value(values, "inference_mask", x.shape, "mask")
        near = tolerance(values, "inference_out", usual=NEAR)
        same = np.allclose(out, x, rtol=near)
        if same and (mask == 1).all():
            return Finding(True, label, weight=3)
        if (out[x != 0] == 0).any():
            message = _("With training=False some values are 0. Who takes part when it counts?")
            return Finding(False, label, message, 3, "dropped_at_inference")
        if any(np.allclose(out, x * factor, rtol=near) for factor in (rate, 1 - rate, 1 / (1 - rate), 1 / rate)):
            message = _("With training=False out is x times a constant. Has training not paid for that already?")
            return Finding(False, label, message, 3, "scaled_at_inference")
        told = _("This is `out` with training=False."), out, x
        if same:
            told = _("This is `mask` with training=False."), mask, np.ones(x.shape)
        thought = _("What is left to do when nothing is dropped?")
        return criterion(False, label, compared(*told[1:], thought, told[0]), 3)

    def _integers(self, label: str, values: Mapping[str, Value], x: Floats, product: bool) -> Finding:
        """product: whether out is x * mask for floats; if it is not, that costs its own line and not this one too."""
        _require("integers", values)
        out = array_value(values, "integers_out", x.shape, "out")
        mask = array_value(values, "integers_mask", x.shape, "mask")
        if not _has_floats(values.get("integers_out")) or not _has_floats(values.get("unthinned_out", 0.0)):
            message = _("For integers in x, out holds integers too. Rate 0 is no exception.")
            return Finding(False, label, message, 0.5)
        message = _("For integers in x the fractions got lost: out differs from x * mask.")
        near = tolerance(values, "integers_out", "integers_mask", usual=NEAR)
        whole = self._truncated(mask, values) or (product and not np.allclose(out, x * mask, rtol=near))
        return criterion(not whole, label, message, 0.5)

    def _truncated(self, mask: Floats, values: Mapping[str, Value]) -> bool:
        """True if survivors are multiplied by a whole number for integers, and by a fraction for floats.

        1/(1 − 0.8) is 5 in float32 and 5.000000000000001 in float64: both are whole here.
        """
        for_floats = np.asarray(values["mask"], np.float64)
        whole, whole_for_floats = (np.allclose(each, np.rint(each), rtol=HALF) for each in (mask, for_floats))
        return bool(mask.any() and whole and not whole_for_floats)

    def _refusals(self, values: Mapping[str, Value]) -> Finding:
        label = _("ValueError unless 0 ≤ rate < 1")
        refused = values.get("refused")
        asked = [(rate, training) for training in (True, False) for rate in (*BAD_RATES, 0.0)]
        expected = ["ValueError" if rate else "" for rate, _training in asked]
        if same(refused, expected):
            return Finding(True, label, weight=0.5)
        answers = refused if isinstance(refused, list) and len(refused) == len(asked) else [None] * len(asked)
        place = next(n for n, answer in enumerate(answers) if not same(answer, expected[n]))
        rate, training = asked[place]
        came, right = (str(told)[:60] or _("no error") for told in (answers[place], expected[place]))
        text = _("Called with rate={rate}, training={training}.\n").format(rate=rate, training=training)
        thought = _("Which rates make sense, and does that depend on training?")
        return criterion(False, label, compared(came, right, thought, text), 0.5)


def _has_floats(value: Value) -> bool:
    return isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype.kind == "f")


def _require(kind: str, values: Mapping[str, Value]) -> None:
    if isinstance(fault := values.get(f"{kind}_fault"), str):
        raise ContractBroken(fault)


def _related(one: Floats, two: Floats) -> bool:
    """True if two masks of the same shape are correlated, to either side, more than independent ones would be."""
    a, b = (mask.ravel() == 0 for mask in (one, two))
    if a.std() == 0 or b.std() == 0:
        return False
    return bool(abs(np.corrcoef(a, b)[0, 1]) > SIGMAS / np.sqrt(a.size))


def _paired(mask: Floats) -> bool:
    """True if values tell of each other: halves, mirror images or neighbours along either axis are correlated."""
    for each in (mask, mask.T):
        half = len(each) // 2
        pairs = ((each[:half], each[half : 2 * half]), (each[:half], each[::-1][:half]), (each[::2], each[1::2]))
        if any(_related(one, two) for one, two in pairs):
            return True
    flat = mask.ravel()
    return _related(flat[: flat.size // 2], flat[::-1][: flat.size // 2])


def _clustered(mask: Floats) -> bool:
    """True if dropped values pile up in rows or columns far more (or far less) evenly than independent draws would.

    The sum of squared standardised counts over n rows is about χ²(n): mean n, standard deviation √(2n).
    """
    dropped = mask == 0
    share = dropped.mean()
    if share in (0.0, 1.0):
        return False
    for axis in (0, 1):
        counts, n = dropped.sum(axis=axis), dropped.shape[axis]
        spread = np.sum((counts - n * share) ** 2) / (n * share * (1 - share))
        if abs(spread - counts.size) > 1.5 * SIGMAS * np.sqrt(2 * counts.size):
            return True
    return False
