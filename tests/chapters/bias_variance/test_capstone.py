"""Which numbers of steps are best, and that sound choices find them and naive ones do not, over seeds.

The sweep (tests/contract) tries every style over twenty seeds more.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache

import numpy as np
import pytest

import course.chapters.bias_variance.exercises.choose_steps as learners_side
from course.catalog import load_catalog
from course.chapters.bias_variance.exercises.choose_steps import ChooseSteps
from course.chapters.bias_variance.judges.choose_steps import BEST
from course.chapters.bias_variance.pooled_data import (
    CAREFUL,
    CARELESS,
    INSIDE,
    KINDS,
    N_CARELESS,
    STEPS,
    draw_noise,
    draw_problem,
    draw_sets,
    predict,
    rule,
    train,
)
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.lessons.arrays import Floats
from tests.chapters.bias_variance.solutions.choose_steps import RIGHT
from tests.conftest import ROOT

SEEDS = range(3_000_000, 3_000_003)
MIXED = KINDS[1:]
GRID = np.linspace(-INSIDE, INSIDE, 101)


@cache
def measured(kind: str, seed: int) -> dict[str, Floats]:
    """After each of STEPS: what a learner can measure (the validation error of each network, that of the average, the
    variance), and the errors on other training sets against the rule, alone and together."""
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    problem = draw_problem(kind, rng)
    found = np.array([predict(nets, problem.x_val) for nets in train(problem.x, problem.y).values()])
    others = np.array([predict(nets, GRID) for nets in train(*draw_sets(kind, problem.phase, rng)).values()])
    truth = rule(GRID, problem.phase)
    return {
        "each": ((found - problem.y_val) ** 2).mean(axis=2),
        "average": ((found.mean(axis=1) - problem.y_val) ** 2).mean(axis=1),
        "variance": found.var(axis=1).mean(axis=1),
        "alone": ((others - truth) ** 2).mean(axis=(1, 2)),
        "together": ((others.mean(axis=1) - truth) ** 2).mean(axis=1),
    }


def shares(kind: str, seed: int, name: str) -> dict[int, float]:
    """Times the error at the best number of steps."""
    errors = measured(kind, seed)[name]
    return dict(zip(STEPS, (errors / errors.min()).tolist(), strict=True))


@pytest.mark.parametrize("name", ["alone", "together"])
@pytest.mark.parametrize("kinds", [KINDS[:1], MIXED])
def test_one_number_of_steps_is_clearly_best_wherever_the_wave_begins(kinds: tuple[str, ...], name: str) -> None:
    draws = [(kind, shares(kind, seed, name)) for kind in kinds for seed in SEEDS]  # each with a phase of its own
    assert all(share[BEST[kind][name]] == 1 for kind, share in draws)
    _best, *others = sorted(np.mean([share[steps] for _kind, share in draws]) for steps in STEPS)
    assert min(others) > 1.3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", SEEDS)
def test_validation_rows_favour_the_best(kind: str, seed: int) -> None:
    found = measured(kind, seed)
    favoured = {"alone": STEPS[found["each"].mean(axis=1).argmin()], "together": STEPS[found["average"].argmin()]}
    assert favoured == BEST[kind]


@pytest.mark.parametrize("kind", MIXED)
@pytest.mark.parametrize("seed", SEEDS)
def test_neither_the_least_variance_nor_the_least_bias_is_a_guide_on_mixed_rows(kind: str, seed: int) -> None:
    assert STEPS[measured(kind, seed)["variance"].argmin()] == 10
    assert STEPS[measured(kind, seed)["average"].argmin()] == 500
    assert BEST[kind]["alone"] not in (10, 500)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_network_favours_what_suits_all_in_both_mixed_problems(seed: int) -> None:
    """Hardly any: at most three of forty."""
    favoured = [measured(kind, seed)["each"].argmin(axis=0) for kind in MIXED]
    right = [STEPS.index(BEST[kind]["alone"]) for kind in MIXED]
    lucky = sum(list(places) == right for places in zip(*favoured, strict=True))
    assert lucky <= 3


def test_no_fixed_pair_is_best_for_all() -> None:
    assert not set.intersection(*({tuple(BEST[kind].values())} for kind in KINDS))


def test_a_problem_is_drawn_anew_from_each_seed_and_again_from_the_same() -> None:
    one, again, other = (draw_problem("mixed", np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.x, again.x)
    assert np.array_equal(one.y_val, again.y_val)
    assert one.phase != other.phase


@pytest.mark.parametrize("kind", KINDS)
def test_targets_have_the_noise_that_the_prompt_tells(kind: str) -> None:
    problem = draw_problem(kind, np.random.default_rng(0))
    noise = (problem.y - rule(problem.x, problem.phase)).std(axis=1)
    careless = noise > 1
    assert careless.sum() == (0 if kind == "careful" else N_CARELESS)
    assert noise[~careless].mean() == pytest.approx(CAREFUL, rel=0.08)
    if careless.any():
        assert noise[careless].mean() == pytest.approx(CARELESS, rel=0.12)
    assert (problem.y_val - rule(problem.x_val, problem.phase)).std() == pytest.approx(CAREFUL, rel=0.08)


def test_the_first_hospital_is_careless_in_one_mixed_problem_and_the_last_in_the_other() -> None:
    first, second = (draw_noise(kind, np.random.default_rng(0)) for kind in MIXED)
    assert (first[0], first[-1]) == (CARELESS, CAREFUL)
    assert (second[0], second[-1]) == (CAREFUL, CARELESS)


def test_what_the_rows_at_hand_favour_is_right_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """No draw of 200 needs it; here the rule of all other draws is made to say otherwise."""
    monkeypatch.setitem(BEST, "careful", {"alone": 10, "together": 50})
    namespace = {"predict": predict, "train": train}
    exec(RIGHT["loop"], namespace)
    assert check_candidate("choose_steps", namespace, VISIBLE_SEED).status == "passed"


def test_a_number_that_is_not_the_best_is_told_with_the_errors_on_the_rows_at_hand() -> None:
    verdict = check_candidate("choose_steps", {"choose_steps": lambda *rows: (50, 10)}, VISIBLE_SEED)
    [careful, _mixed] = ChooseSteps().cases(np.random.default_rng(VISIBLE_SEED))
    problem = draw_problem("careful", np.random.default_rng(careful.inputs["seeds"]["careful"]))
    found = {steps: predict(nets, problem.x_val) for steps, nets in train(problem.x, problem.y).items()}
    alone, together = (
        [((each - problem.y_val) ** 2).mean() for each in by_steps]
        for by_steps in ([found[50], found[500]], [found[steps].mean(axis=0) for steps in (10, 500)])
    )
    told = "\n".join(finding.told for finding in verdict.findings)
    assert f"the mean error of the forty is {alone[0]:.3f}; the smallest is {alone[1]:.3f}" in told
    assert f"the error of their average is {together[0]:.3f}; the smallest is {together[1]:.3f}" in told


def test_numbers_of_steps_as_text_are_told_as_such() -> None:
    verdict = check_candidate("choose_steps", {"choose_steps": lambda *rows: ("10", "500")}, VISIBLE_SEED)
    assert verdict.score == 0
    assert "Expected alone as numbers, but got str" in "\n".join(finding.told for finding in verdict.findings)


def test_who_listens_to_one_network_is_told_so_and_keeps_the_points_for_the_average() -> None:
    chapter = load_catalog(ROOT).chapter("2-2-bias-variance")
    careful, mixed, other = (500, 500), (10, 500), (500, 500)
    answers = iter([careful, mixed, other])
    verdict = check_candidate("choose_steps", {"choose_steps": lambda *rows: next(answers)}, VISIBLE_SEED, chapter)
    assert verdict.misconceptions == ["one_network_decides"]
    assert verdict.score == pytest.approx(3 * 4 / 6)


def test_the_answer_is_not_where_the_learners_code_runs() -> None:
    tree = ast.parse(inspect.getsource(learners_side))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert not [module for module in modules if "judges" in module]
