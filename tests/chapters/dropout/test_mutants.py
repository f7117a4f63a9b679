"""The judges see any small change of a right solution: operators, constants, axes, conditions, arguments, statements.

A mutant that passes must stand in EQUIVALENT with the reason why it is right as well; anything else is a hole in a
judge.
"""

import pytest

from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from tests.chapters.dropout.mutants import mutants
from tests.chapters.dropout.wrong_solutions import defined
from tests.conftest import exercise_points, reference_solutions

EQUIVALENT = {
    "inverted_dropout": {
        "rng.random(x.shape) >= rate → rng.random(x.shape) > rate": "a draw equals the rate once in 2⁵³ times",
    },
    "build_classifier": {
        "0.0 → -1.0": "a default rate below 0 is not above 0, so nothing drops the inputs",
        "input_rate > 0 → input_rate >= 0": "adds Dropout(0.0), which passes everything on",
        "0 → -1": "adds Dropout(0.0), which passes everything on",
    },
    "mc_predict": {
        "1.0 → 2.0": "the logarithm put in place of log 0 is multiplied by a probability of 0",
    },
    "train_step": {
        "zip(gradients, variables, strict=True) → zip(gradients, variables)": "both are always of one length",
        "True → False": "zip's strict again",
    },
    "subnet_average": {
        "logits - logits.max(axis=-1, keepdims=True) → logits + logits.max(axis=-1, keepdims=True)": (
            "softmax does not change when every logit is shifted by the same number"
        ),
        "logits - logits.max(axis=-1, keepdims=True) → logits": "no shift at all: it only guards against overflow",
        "logits.max(axis=-1, keepdims=True) → logits.max(keepdims=True)": "another shift, the same for every logit",
        "logits.max → logits.min": "another shift, the same for every logit",
    },
    "tune_dropout": {
        "2 → 1": "one seed is enough where the difference is large",
        "2 → 3": "three seeds are better still",
        "itertools.product([0.0, 0.2, 0.5], [0.0, 0.2, 0.5]) → itertools.product([0.0, 0.2, 0.5], [0.0, 0.2, 0.5])": (
            "the two lists are the same"
        ),
        "np.mean → np.sum": "every pair has as many seeds",
    },
}


@pytest.mark.parametrize("exercise", list(exercise_points()))
def test_every_mutant_is_caught_or_known_to_be_right(exercise: str) -> None:
    made = list(mutants(reference_solutions()[exercise]))
    survivors = {
        title for title, source in made if check_candidate(exercise, defined(source), VISIBLE_SEED).status == "passed"
    }
    assert survivors == set(EQUIVALENT.get(exercise, {}))
    assert len(made) > len(survivors)
