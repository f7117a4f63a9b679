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
from course.notebooks.release import source_notebooks
from course.verdict import Verdict
from tests.chapters.dropout.wrong_solutions import RIGHT, WRONG, defined
from tests.conftest import ROOT, SLUG, reference_solutions


def checked(exercise: str, source: str, seed: int) -> Verdict:
    return check_candidate(exercise, defined(source), seed)


@pytest.mark.parametrize("exercise", list(WRONG))
def test_the_notebooks_own_solution_gets_full_points_and_the_prompt_tells_their_parts(exercise: str) -> None:
    verdict = checked(exercise, reference_solutions()[exercise], 3)
    assert verdict.status == "passed"
    weights = [finding.weight for finding in verdict.findings]
    told, total = parts_told()[exercise]
    shares = {weight / sum(weights) for weight in weights}
    assert {part / total for part in told} <= shares
    assert max(told) / total == max(shares)


def parts_told() -> dict[str, tuple[set[int], int]]:
    """What the folded line on points of each prompt says: the parts of single lines, and of how many parts in all."""
    found = {}
    for cell in source_notebooks(load_catalog(ROOT), SLUG)["exercises"].cells:
        if "<details>" not in cell.source:
            continue
        (exercise,) = re.findall(r"^Write `(\w+)", cell.source, re.M)
        told = cell.source.split("</summary>\n\n")[1].split("\n")[0]
        (total,) = re.findall(r"\d parts?(?: each)? of (\d+)", told)
        numbers = re.findall(r"[\d.]*\d", told.replace("probability 0", "").replace(f"of {total}", ""))
        found[exercise] = {int(number) for number in numbers}, int(total)
    return found


@settings(max_examples=15)
@given(st.floats(1.03, 4.0) | st.floats(0.25, 0.97), st.integers(0, 2**32 - 1))
def test_the_judge_of_inverted_dropout_sees_any_wrong_scale(factor: float, seed: int) -> None:
    right = RIGHT["inverted_dropout"]["vectorised"]
    verdict = checked("inverted_dropout", right.replace("/ (1 - rate)", f"/ (1 - rate) * {factor!r}"), seed)
    assert "survivors are multiplied by 1/(1 − rate)" in [f.label for f in verdict.findings if not f.passed]


BROKEN: list[tuple[str, Callable[..., Any], str]] = [
    ("inverted_dropout", lambda x, rate, rng, training: x * 1.0, "2 values (out, mask)"),
    ("inverted_dropout", lambda x, rate, rng, training: print(x.shape), "`return` missing"),
    ("inverted_dropout", lambda x, rate: (x, x), "TypeError"),
    ("dropout_backward", lambda dout, mask: "dx", "dx as numbers, but got str"),
    ("dropout_backward", lambda dout, mask: dout[0], "dx should have shape (8, 12)"),
    ("classic_to_inference", lambda *arguments: arguments[0], "2 values (W_test, b_test)"),
    ("build_classifier", lambda a, b, c, d, input_rate=0.0: [1], "keras.Model"),
    ("mc_predict", lambda model, x, n_passes: model(x, training=True), "3 values (mean, std, entropy)"),
    ("mc_predict", lambda model, x, n_passes: (x[:, 0], x, x), "mean should have shape (5, 3)"),
    ("train_step", lambda model, optimizer, x, y: 0.0, "TypeError"),
    ("subnet_average", lambda *arguments: arguments, "3 values"),
    ("subnet_average", lambda _w, b, *_rest: (b, b * np.nan, b), "not finite"),
    ("choose_rate", lambda results, tol: [0.1, 0.2], "the rate should be one number, but has shape (2,)"),
    ("choose_rate", lambda results, tol: "0.5", "the rate as numbers, but got str"),
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
