"""E3 on the trusted side: both numbers of each run, and what known mistakes make of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from course.exercises.base import Case
from course.exercises.codec import Value
from course.exercises.judging import Line, TableJudge, Untouched
from course.exercises.numerics import Floats, fitting
from course.language import _

Pair = tuple[int, int]  # the best epoch and the epochs run, from 1
ATOL = 0.25  # whole numbers


class EarlyStopJudge(TableJudge):
    """The rule is applied by looking at every end of training that is possible."""

    misconceptions = (
        "returns_last_epoch",
        "one_epoch_late",
        "compares_with_previous",
        "never_resets",
        "looks_ahead",
        "counts_from_zero",
        "ignores_mode",
        "tie_is_better",
    )

    def lines(self, case: Case, values: Mapping[str, Value]) -> list[Line | Untouched]:
        given, patience, mode = (case.inputs[name] for name in ("values", "patience", "mode"))
        losses = np.asarray(given) if mode == "min" else -np.asarray(given)
        label, weight = _labels()[case.inputs["kind"]]
        mistakes = _mistakes(losses, patience)
        if mode == "max":
            mistakes["ignores_mode"] = _stop(-losses, patience)
        wrong = {code: np.asarray(pair) for code, pair in mistakes.items()}
        unnamed = [np.asarray(pair) for pair in _others(losses, patience, mode)]
        named = fitting(values.get("pair"), wrong, 0, ATOL, unnamed)
        return [
            Line(
                label,
                weight,
                value="pair",
                called=_("the pair (best, ran)"),
                right=np.asarray(_stop(losses, patience)),
                mistakes=wrong,
                unnamed=unnamed,
                thought=_thoughts_on_mistakes().get(named or "") or _thoughts_on_runs()[case.inputs["kind"]],
                rtol=0,
                atol=ATOL,
            ),
            Untouched(
                _("`values` is not modified"),
                1,
                _("After the call `values` is no longer what it was."),
                before={"values": np.asarray(given)},
            ),
        ]


def _stop(losses: Floats, patience: int, *, late: int = 0, ties: bool = False) -> Pair:
    """The first epoch that ends as many epochs without a new best; late: as many more. ties: an equal loss counts."""
    for ran in range(patience + late + 1, len(losses) + 1):
        best = _lowest(losses[:ran], ties)
        if ran - best >= patience + late:
            return best, ran
    return _lowest(losses, ties), len(losses)


def _lowest(losses: Floats, ties: bool) -> int:
    """The epoch, from 1, of the smallest loss: the first such, or the last one where ties count."""
    lowest = np.flatnonzero(losses == losses.min())
    return int(lowest[-1 if ties else 0]) + 1


def _mistakes(losses: Floats, patience: int) -> dict[str, Pair]:
    best, ran = _stop(losses, patience)
    stopped = ran - best >= patience
    return {
        "returns_last_epoch": (ran, ran),
        "one_epoch_late": _stop(losses, patience, late=1),
        "compares_with_previous": _against_previous(losses, patience),
        "never_resets": _in_all(losses, patience),
        "looks_ahead": (_lowest(losses, False), ran),
        "counts_from_zero": (best - 1, ran - 1 if stopped else ran),
        "tie_is_better": _stop(losses, patience, ties=True),
    }


def _others(losses: Floats, patience: int, mode: str) -> list[Pair]:
    """What comes of mistakes without a name: never stopping, sorted values, modes mistaken for each other."""
    in_order = np.sort(losses) if mode == "min" else np.sort(losses)[::-1]
    mixed_up = [_stop(-losses, patience)] if mode == "min" else []
    return [(_lowest(losses, False), len(losses)), _stop(in_order, patience), *mixed_up]


def _against_previous(losses: Floats, patience: int) -> Pair:
    """Every fall from one epoch to the next counts as a new best."""
    best, waited = 1, 0
    for epoch in range(2, len(losses) + 1):
        fell = losses[epoch - 1] < losses[epoch - 2]
        best, waited = (epoch, 0) if fell else (best, waited + 1)
        if waited == patience:
            return best, epoch
    return best, len(losses)


def _in_all(losses: Floats, patience: int) -> Pair:
    """Epochs without a new best are counted from the beginning, whatever comes between."""
    without = [_lowest(losses[:epoch], False) != epoch for epoch in range(1, len(losses) + 1)]
    counted = np.cumsum(without)
    ran = int(np.argmax(counted == patience)) + 1 if counted[-1] >= patience else len(losses)
    return _lowest(losses[:ran], False), ran


def _labels() -> dict[str, tuple[str, float]]:
    """What was checked, and its part of the points, by kind of run."""
    return {
        "stops": (_("training stops after `patience` epochs without a new best"), 3),
        "comes back": (_("a pause shorter than `patience` does not end training"), 2),
        "runs out": (_("training runs to its end where patience is never used up"), 1),
        "ties": (_("an equal value is no new best"), 1),
    }


def _thoughts_on_runs() -> dict[str, str]:
    """For whoever is wrong about a run of that kind, whatever the mistake is."""
    return {
        "stops": _("After which epoch has nothing better come `patience` times in a row? Which was the best by then?"),
        "comes back": _("After a new best, how long may training wait again?"),
        "runs out": _("What if the values end before patience does?"),
        "ties": _("Which of these values are better than every value before them?"),
    }


def _thoughts_on_mistakes() -> dict[str, str]:
    """For whoever made a known mistake, by its code."""
    return {
        "returns_last_epoch": _("Which epoch had the best value by the end of training?"),
        "one_epoch_late": _("How many epochs without a new best had passed one epoch earlier?"),
        "compares_with_previous": _("Is that value better than every value before it, or only than the last one?"),
        "never_resets": _("After a new best, how long may training wait again?"),
        "looks_ahead": _("Which values are known by the time training ends?"),
        "counts_from_zero": _("Which number does the first epoch have?"),
        "ignores_mode": _("With mode 'max', is a smaller value better?"),
        "tie_is_better": _("Is 0.4 better than 0.4?"),
    }
