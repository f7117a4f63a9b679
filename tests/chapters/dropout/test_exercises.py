"""The Dropout exercises: right solutions of any style pass, each wrong one fails with its name."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.catalog import load_catalog
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.exercises.registry import find_exercise
from course.verdict import Verdict
from tests.chapters.dropout.wrong_solutions import FITS_A_NAME, RIGHT, UNNAMED, VARIANTS, WRONG, defined
from tests.conftest import ROOT, SLUG, exercise_points, reference_solutions, source_notebooks

GRADED_SEED = 2_000_001  # one of many: benchmarks/exercise_seeds.py tries 200
SLOW = ("build_classifier", "mc_predict", "train_step", "tune_dropout")  # test_capstone.py has seeds for the last
FAST = [name for name in RIGHT if name not in SLOW]


def checked(exercise: str, source: str, seed: int) -> Verdict:
    return check_candidate(exercise, defined(source), seed)


def cases(solutions: dict[str, dict[str, str]]) -> list[Any]:
    return [
        pytest.param(exercise, name, source, id=f"{exercise}-{name}")
        for exercise, named in solutions.items()
        for name, source in named.items()
    ]


def test_there_are_solutions_of_every_kind_for_every_exercise() -> None:
    assert set(exercise_points()) == set(RIGHT)
    assert min(len(each) for each in RIGHT.values()) >= 6
    assert min(len(each) for each in UNNAMED.values()) >= 5


@pytest.mark.parametrize(("exercise", "name", "source"), cases(RIGHT))
def test_a_right_solution_of_any_style_gets_full_points(exercise: str, name: str, source: str) -> None:
    verdict = checked(exercise, source, GRADED_SEED)
    assert verdict.status == "passed", [f for f in verdict.findings if not f.passed]
    assert verdict.score == verdict.max_score


@pytest.mark.parametrize(("exercise", "name", "source"), cases(WRONG) + cases(VARIANTS))
def test_a_wrong_solution_fails_and_only_its_own_name_is_told(exercise: str, name: str, source: str) -> None:
    verdict = checked(exercise, source, VISIBLE_SEED)
    assert verdict.score is not None
    assert verdict.score < verdict.max_score
    assert verdict.misconceptions == [name]


@pytest.mark.parametrize(("exercise", "name", "source"), cases(UNNAMED))
def test_a_wrong_solution_that_nobody_foresaw_fails_too_and_gets_no_name_that_is_not_its_own(
    exercise: str, name: str, source: str
) -> None:
    verdict = checked(exercise, source, VISIBLE_SEED)
    assert verdict.status in ("failed", "partial")
    assert verdict.misconceptions in ([], [FITS_A_NAME.get((exercise, name))])
    failed = [finding for finding in verdict.findings if not finding.passed]
    assert all(finding.message.startswith("Tried: ") for finding in failed)
    assert all(len(finding.told) < 900 for finding in failed), "a wall of text"


@pytest.mark.parametrize("exercise", list(WRONG))
def test_the_notebooks_own_solution_gets_full_points_and_the_prompt_tells_their_parts(exercise: str) -> None:
    verdict = checked(exercise, reference_solutions()[exercise], 3)
    assert verdict.status == "passed"
    weights = [finding.weight for finding in verdict.findings]
    told, total = parts_told()[exercise]
    assert sum(weights) == total
    assert told <= set(weights)
    assert max(told) == max(weights)


def parts_told() -> dict[str, tuple[set[float], float]]:
    """What the folded line on points of each prompt says: the parts of single lines, and of how many parts in all."""
    found = {}
    for cell in source_notebooks(load_catalog(ROOT), SLUG)["exercises"].cells:
        if "<details>" not in cell.source:
            continue
        (exercise,) = re.findall(r"^Write `(\w+)", cell.source, re.M)
        told = cell.source.split("</summary>\n\n")[1].split("\n")[0]
        (total,) = re.findall(r"\d parts?(?: each)? of ([\d.]+)", told)
        numbers = re.findall(r"\d+(?:\.\d+)?", told.replace("probability 0", "").replace(f"of {total}", ""))
        found[exercise] = {float(number) for number in numbers}, float(total.rstrip("."))
    return found


@pytest.mark.parametrize("exercise", FAST)
def test_no_seed_fails_a_right_answer(exercise: str) -> None:
    candidates = [defined(source) for source in RIGHT[exercise].values()]

    @settings(deadline=None, max_examples=15)
    @given(st.integers(0, 2**32 - 1), st.sampled_from(candidates))
    def holds(seed: int, namespace: dict[str, Any]) -> None:
        assert check_candidate(exercise, namespace, seed).status == "passed"

    holds()


@pytest.mark.parametrize("exercise", FAST)
def test_no_seed_passes_a_wrong_answer_or_misses_its_name(exercise: str) -> None:
    candidates = [(name, defined(source)) for table in (WRONG, VARIANTS) for name, source in table[exercise].items()]

    @settings(deadline=None, max_examples=25)
    @given(st.integers(0, 2**32 - 1), st.sampled_from(candidates))
    def holds(seed: int, candidate: tuple[str, dict[str, Any]]) -> None:
        name, namespace = candidate
        assert check_candidate(exercise, namespace, seed).misconceptions == [name]

    holds()


@settings(deadline=None, max_examples=15)
@given(st.floats(1.03, 4.0) | st.floats(0.25, 0.97), st.integers(0, 2**32 - 1))
def test_the_judge_of_inverted_dropout_sees_any_wrong_scale(factor: float, seed: int) -> None:
    right = RIGHT["inverted_dropout"]["vectorised"]
    verdict = checked("inverted_dropout", right.replace("/ (1 - rate)", f"/ (1 - rate) * {factor!r}"), seed)
    assert "survivors are multiplied by 1/(1 − rate)" in [f.label for f in verdict.findings if not f.passed]


@pytest.mark.parametrize("exercise", list(RIGHT))
def test_every_exercise_has_two_or_three_hints_and_none_is_the_solution(exercise: str) -> None:
    hints = find_exercise(exercise)[1].hints()
    assert 2 <= len(hints) <= 3
    body = reference_solutions()[exercise].split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
    lines = [line.strip() for line in body.splitlines() if len(line.strip()) > 12]
    assert not [line for line in lines for hint in hints if line in hint]


BROKEN: list[tuple[str, Callable[..., Any], str]] = [
    ("inverted_dropout", lambda x, rate, rng, training: x * 1.0, "2 values (out, mask)"),
    ("inverted_dropout", lambda x, rate, rng, training: print(x.shape), "`return` missing"),
    ("inverted_dropout", lambda x, rate: (x, x), "TypeError"),
    ("dropout_backward", lambda dout, mask: "dx", "dx as an array of numbers, but got str"),
    ("dropout_backward", lambda dout, mask: dout[0], "dx should have shape (8, 12)"),
    ("classic_to_inference", lambda *arguments: arguments[0], "2 values (W_test, b_test)"),
    ("build_classifier", lambda a, b, c, d, input_rate=0.0: [1], "keras.Model"),
    ("mc_predict", lambda model, x, n_samples: model(x, training=True), "3 values (mean, std, entropy)"),
    ("mc_predict", lambda model, x, n_samples: (x[:, 0], x, x), "mean should have shape (5, 3)"),
    ("train_step", lambda model, optimizer, x, y: 0.0, "TypeError"),
    ("subnet_average", lambda *arguments: arguments, "3 values"),
    ("subnet_average", lambda _w, b, *_rest: (b, b * np.nan, b), "not finite"),
    ("choose_rate", lambda results, tol: [0.1, 0.2], "the rate should have shape ()"),
    ("choose_rate", lambda results, tol: "0.5", "the rate as an array of numbers, but got str"),
]


@pytest.mark.parametrize(("exercise", "candidate", "told"), BROKEN)
def test_a_broken_contract_is_told_in_words(exercise: str, candidate: Callable[..., Any], told: str) -> None:
    verdict = check_candidate(exercise, {exercise: candidate}, VISIBLE_SEED)
    assert verdict.score == 0
    assert told in "\n".join(finding.told for finding in verdict.findings if not finding.passed)


def test_a_model_of_other_layers_is_told_its_weights() -> None:
    source = (
        "def build_classifier(n_features, n_classes, width, rate, input_rate=0.0):\n"
        "    return keras.Sequential([keras.Input((n_features,)), keras.layers.Dense(n_classes)])"
    )
    verdict = checked("build_classifier", source, VISIBLE_SEED)
    assert verdict.score == 0
    assert "three Dense layers" in verdict.findings[-1].message
