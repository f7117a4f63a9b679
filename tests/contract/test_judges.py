"""Judges face whatever a learner's side may write: they give findings or refuse, and never trip."""

import contextlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from course.catalog import Chapter
from course.exercises.base import Case, ContractBroken, Judge, Observation, Transcript, judge_transcript
from course.exercises.observe import observe_exercise
from course.exercises.registry import chapter_exercises, find_judge
from course.verdict import Finding
from tests.conftest import ROOT
from tests.contract.chapters import defined, solutions_of

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


ODD: list[Any] = [
    *(None, True, 0, -1, 2**62, "", "softmax", float("nan"), float("inf"), -1e308, [], {}),
    *(np.array(0.0), np.array([]), np.zeros((2, 3)), np.full(3, np.nan), np.zeros((1, 1, 1), np.uint8)),
    *([np.zeros(2)], [[np.zeros(2)]], [None, 1, "a"], {"a": np.zeros(2)}),
]


@cache
def transcript_of(chapter: Chapter, exercise: str) -> Transcript:
    """What the notebook's own solution gives. Some take seconds, so it is asked once; nobody may change it."""
    own = defined(chapter.slug, solutions_of(chapter.slug)[exercise][0].source)
    return observe_exercise(chapter_exercises(chapter)[exercise], own[exercise], 1)


def damaged(value: Any, extreme: float) -> Any:
    """The same shape and kind, with one number replaced."""
    if isinstance(value, np.ndarray) and value.size:
        changed = value.astype(np.float64).copy()
        changed.flat[changed.size // 2] = extreme
        return changed
    return extreme if isinstance(value, float) else value


def spoiled(value: Any) -> Iterator[Any]:
    """Whatever else might be in its place, or in the place of one thing that it holds."""
    yield from ODD
    if isinstance(value, list) and value:
        middle = len(value) // 2
        yield from ([*value[:middle], other, *value[middle + 1 :]] for other in spoiled(value[middle]))


def judged_or_refused(judge: Judge, case: Case, values: Mapping[str, Any]) -> None:
    with contextlib.suppress(ContractBroken), np.errstate(all="ignore"):
        findings = judge.judge(case, values)
        assert all(isinstance(finding, Finding) for finding in findings)
        assert all(finding.passed or finding.told for finding in findings)


def test_each_odd_value_is_judged_or_refused(chapter: Chapter, exercise: str) -> None:
    judge, made = find_judge(chapter, exercise), chapter_exercises(chapter)[exercise]
    cases = list(made.cases(np.random.default_rng(1)))
    for case, observation in zip(cases, transcript_of(chapter, exercise).observations, strict=True):
        for name, value in observation.values.items():
            for other in spoiled(value):
                judged_or_refused(judge, case, {**observation.values, name: other})


def test_any_plain_values_are_judged_or_refused(chapter: Chapter, exercise: str) -> None:
    judge, made = find_judge(chapter, exercise), chapter_exercises(chapter)[exercise]
    cases = list(made.cases(np.random.default_rng(1)))
    observations = transcript_of(chapter, exercise).observations

    @settings(max_examples=100)
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
        judged_or_refused(judge, cases[place], values)

    holds()


def test_empty_observations_get_nothing(chapter: Chapter, exercise: str) -> None:
    made = chapter_exercises(chapter)[exercise]
    empty = (Observation(),) * len(list(made.cases(np.random.default_rng(1))))
    verdict = judge_transcript(made, find_judge(chapter, exercise), 1, Transcript("attempted", empty))
    assert (verdict.status, verdict.score) == ("failed", 0.0)


def test_answers_written_down_for_one_seed_fail_for_another(chapter: Chapter, exercise: str) -> None:
    made, judge = chapter_exercises(chapter)[exercise], find_judge(chapter, exercise)
    transcript = transcript_of(chapter, exercise)
    assert judge_transcript(made, judge, 1, transcript).status == "passed"
    elsewhere = judge_transcript(made, judge, 2, transcript).status
    assert elsewhere != "passed" or exercise in choices(chapter)


def choices(chapter: Chapter) -> dict[str, str]:
    """Exercises whose answer may be right for other data as well, with the reason."""
    path = ROOT / "tests" / "chapters" / chapter.module / "choices.yml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
