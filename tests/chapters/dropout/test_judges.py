"""Judges face whatever a learner's side may write: they give findings or refuse, and never trip."""

import contextlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.exercises.base import ContractBroken, Observation, Transcript, judge_transcript
from course.exercises.observe import observe_exercise
from course.exercises.registry import find_exercise, find_judge
from course.verdict import Finding
from tests.chapters.dropout.wrong_solutions import RIGHT, defined
from tests.conftest import exercise_points

EXTREMES = [0.0, -0.0, 1.0, -1.0, 1e308, -1e308, 1e-308, float("nan"), float("inf"), -float("inf")]
NUMBERS = st.sampled_from(EXTREMES) | st.floats() | st.integers(-(2**62), 2**62)
ARRAYS = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.bool_, np.uint8]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=8),
)
PLAIN = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8) | ARRAYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def observed(exercise: str) -> tuple[list[Any], list[Observation]]:
    """Cases, and what the right solution gives for them."""
    (_chapter, made) = find_exercise(exercise)
    source = next(iter(RIGHT[exercise].values()))
    transcript = observe_exercise(made, defined(source)[exercise], 1)
    return list(made.cases(np.random.default_rng(1))), list(transcript.observations)


def judged(exercise: str, case: Any, values: dict[str, Any]) -> None:
    chapter, _made = find_exercise(exercise)
    with contextlib.suppress(ContractBroken), np.errstate(all="ignore"):
        findings = find_judge(chapter, exercise).judge(case, values)
        assert all(isinstance(finding, Finding) for finding in findings)
        assert all(finding.passed or finding.told for finding in findings)


def damaged(value: Any, extreme: float) -> Any:
    """The same shape and kind, with one number replaced."""
    if isinstance(value, np.ndarray) and value.size:
        changed = value.astype(np.float64).copy()
        changed.flat[changed.size // 2] = extreme
        return changed
    return extreme if isinstance(value, float) else value


@pytest.mark.parametrize("exercise", list(exercise_points()))
def test_any_plain_values_are_judged_or_refused(exercise: str) -> None:
    cases, observations = observed(exercise)

    @settings(deadline=None, max_examples=100)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(cases) - 1))
        values = dict(observations[place].values)
        for name in data.draw(st.sets(st.sampled_from(sorted(values)), min_size=1)):
            kind = data.draw(st.sampled_from(["other", "missing", "extreme"]))
            if kind == "missing":
                del values[name]
            elif kind == "extreme":
                values[name] = damaged(values[name], data.draw(st.sampled_from(EXTREMES)))
            else:
                values[name] = data.draw(PLAIN)
        judged(exercise, cases[place], values)

    holds()


@pytest.mark.parametrize("exercise", list(exercise_points()))
def test_empty_observations_get_nothing(exercise: str) -> None:
    made = find_exercise(exercise)[1]
    judge = find_judge(find_exercise(exercise)[0], exercise)
    n_cases = len(list(made.cases(np.random.default_rng(1))))
    verdict = judge_transcript(made, judge, 1, Transcript("attempted", (Observation(),) * n_cases))
    assert (verdict.status, verdict.score) == ("failed", 0.0)


@pytest.mark.parametrize("exercise", list(exercise_points()))
def test_answers_written_down_for_one_seed_fail_for_another(exercise: str) -> None:
    made = find_exercise(exercise)[1]
    judge = find_judge(find_exercise(exercise)[0], exercise)
    transcript = Transcript("attempted", tuple(observed(exercise)[1]))
    assert judge_transcript(made, judge, 1, transcript).status == "passed"
    assert judge_transcript(made, judge, 2, transcript).status != "passed"
