"""E1 on the learner's side: dropout itself, on NumPy arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from course.exercises.base import Case, ContractBroken, Exercise
from course.exercises.codec import Value
from course.exercises.observe import Array, arrays_of, describe_exception, error_raised
from course.language import _

N_CALLS = 6
BAD_RATES = (-0.1, 1.0, 1.5)


class InvertedDropout(Exercise):
    """E1: inverted_dropout(x, rate, rng, training) -> (out, mask)."""

    entry = "inverted_dropout"
    points = 4.0

    def hints(self) -> list[str]:
        return [
            _("Draw one random number for every value of `x`. What is the probability that it is below `rate`?"),
            _("Think of the mean: if only a share 1 − rate survives, by what must survivors be multiplied?"),
            _(
                "`rng.random(x.shape) >= rate` is True with probability 1 − rate, for each value apart. Turn that "
                "into a mask of 0 and 1/(1 − rate); in inference there is nothing to draw."
            ),
        ]

    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        for rate in (0.2, 0.25, 0.3, 0.8):
            yield Case(
                _("rate={rate} on x of shape (200, 500)").format(rate=rate),
                {
                    "rate": rate,
                    "x": np.round(rng.uniform(0.5, 1.5, (200, 500)), 2) * (rng.random((200, 500)) > 0.1),
                    "small": np.round(rng.normal(0.0, 1.0, (20, 30)), 2),
                    "narrow": np.round(rng.uniform(0.5, 1.5, (5000, 3)), 2),
                    "integers": rng.integers(1, 9, (4, 6)),
                    "seed": int(rng.integers(2**31)),
                },
            )

    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        inputs = case.inputs
        rate, small, rng = inputs["rate"], inputs["small"], np.random.default_rng(inputs["seed"])

        def run(
            x: Array, generator: np.random.Generator = rng, training: bool = True, rate: float = rate
        ) -> dict[str, Array]:
            return arrays_of(candidate(x, rate, generator, training), ("out", "mask"))

        large = run(inputs["x"].copy())
        given = small.copy()
        masks = [run(given)["mask"] for _i in range(N_CALLS)]
        first, repeated = (run(small.copy(), np.random.default_rng(inputs["seed"] + 1)) for _i in range(2))
        apart = {
            "inference": lambda: run(small.copy(), training=False),
            "integers": lambda: run(inputs["integers"].copy()),
            "unthinned": lambda: run(inputs["integers"].copy(), rate=0.0),
        }
        return {
            **large,
            "masks": _stack(masks),
            "x_after": given,
            "first": first["mask"],
            "repeated": repeated["mask"],
            "narrow": run(inputs["narrow"].copy())["mask"],
            **{name: value for kind, call in apart.items() for name, value in self._apart(kind, call).items()},
            "refused": [
                error_raised(candidate, small.copy(), rate, np.random.default_rng(0), training)
                for training in (True, False)
                for rate in (*BAD_RATES, 0.0)
            ],
        }

    def _apart(self, kind: str, call: Callable[[], Mapping[str, Array]]) -> dict[str, Value]:
        """What the call returned, as kind_out and kind_mask; or why there is nothing, as kind_fault."""
        try:
            return {f"{kind}_{name}": array for name, array in call().items()}
        except ContractBroken as error:
            return {f"{kind}_fault": str(error)}
        except Exception as error:
            return {f"{kind}_fault": describe_exception(error, self.entry)}


def _stack(arrays: list[Array]) -> Array:
    if len({array.shape for array in arrays}) != 1:
        raise ContractBroken(_("The mask's shape changes from call to call."))
    return np.stack(arrays)
