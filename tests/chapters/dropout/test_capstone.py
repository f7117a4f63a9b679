"""The capstone's goals: sound choices reach them, naive ones miss them, over seeds. Measured, not believed.

The sweep (tests/contract) tries every style over twenty seeds more.
"""

import ast
import inspect
from typing import Any

import numpy as np
import pytest

import course.chapters.dropout.exercises.tune_dropout as learners_side
from course.chapters.dropout.small_data import KINDS, accuracy, draw_problem, draw_rows, example, train
from course.exercises.check import check_candidate
from course.verdict import Verdict
from tests.chapters.dropout.solutions.tune_dropout import RIGHT
from tests.chapters.dropout.wrong_solutions import defined
from tests.conftest import reference_solutions

SEEDS = range(3_000_000, 3_000_005)
NAIVE = {
    "no dropout": "return 0.0, 0.0",
    "0.5 everywhere": "return 0.5, 0.5",
    "0.5 after each hidden layer": "return 0.0, 0.5",
    "a little everywhere": "return 0.2, 0.2",
    "a huge rate": "return 0.0, 0.8",
    "inputs only": "return 0.5, 0.0",
    "scored on the training rows": "return best(lambda net: accuracy(net, x, y))",
    "two epochs": "return best(lambda net: accuracy(net, x_val, y_val), epochs=2)",
}
SOUND = {
    "a grid, two seeds": RIGHT["grid"],
    "the notebook's own": reference_solutions()["tune_dropout"],
    "hidden layers only": RIGHT["hidden_only"],
}
_BEST = """
def tune_dropout(x, y, x_val, y_val, width):
    def best(score, **options):
        pairs = itertools.product((0.0, 0.2, 0.5), (0.0, 0.2, 0.5))
        return max(pairs, key=lambda pair: score(train(x, y, width, *pair, **options)))
    {body}
"""


def checked(source: str, seed: int) -> Verdict:
    whole = source if "def tune_dropout" in source else _BEST.format(body=source)
    return check_candidate("tune_dropout", defined(whole), seed)


@pytest.mark.parametrize("name", NAIVE)
def test_a_naive_choice_misses_the_pass_mark_on_every_seed(name: str) -> None:
    for seed in SEEDS:
        verdict = checked(NAIVE[name], seed)
        assert verdict.status in ("failed", "partial")
        assert verdict.score is not None
        assert verdict.score <= 2


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_choice_reaches_it_on_every_seed(name: str) -> None:
    assert [checked(SOUND[name], seed).score for seed in SEEDS] == [3.0] * len(SEEDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_problem_is_drawn_anew_from_each_seed_and_again_from_the_same(kind: str) -> None:
    one, again, other = (draw_problem(kind, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.x, again.x)
    assert np.array_equal(one.y, again.y)
    assert not np.array_equal(one.x, other.x)
    assert one.x.shape == (150, one.x_val.shape[1])
    assert len(one.x_val) == 300


def test_a_share_of_the_training_labels_is_wrong_as_the_prompt_says() -> None:
    shares = {kind: [] for kind in KINDS}  # type: dict[str, list[float]]
    for kind in KINDS:
        for seed in range(20):
            rng = np.random.default_rng(seed)
            problem = draw_problem(kind, rng)
            again = np.random.default_rng(seed)
            layout = draw_problem(kind, again).layout
            assert np.array_equal(layout, problem.layout)
            shares[kind].append(_share_wrong(problem))
    assert [round(float(np.mean(shares[kind])), 1) for kind in KINDS] == [0.3, 0.3, 0.0]


def _share_wrong(problem: Any) -> float:
    """Of the training rows, the share with another label than the nearest centre's (or the sector's)."""
    if problem.kind == "clean":
        angle = np.arctan2(problem.x[:, 1], problem.x[:, 0]) % (2 * np.pi)
        right = np.floor((angle + problem.layout[0]) / (2 * np.pi / 6)).astype(int) % 2
    else:
        right = ((problem.x[:, None] - problem.layout[None]) ** 2).sum(axis=2).argmin(axis=1)
    return float(np.mean(right != problem.y))


def test_the_plain_network_learns_every_label_and_dropout_helps_as_the_prompt_shows() -> None:
    x, y, x_val, y_val, width = example("spread")
    plain, thinned = train(x, y, width), train(x, y, width, 0.2, 0.2)
    assert accuracy(plain, x, y) == 1.0
    assert accuracy(thinned, x_val, y_val) > accuracy(plain, x_val, y_val) + 0.05


def test_the_rows_that_count_are_made_on_the_trusted_side_alone() -> None:
    tree = ast.parse(inspect.getsource(learners_side))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert draw_rows.__name__ not in names
    x, *_rest = example("clean", 1)
    unseen, _labels = draw_rows("clean", np.zeros(1), 10, np.random.default_rng(0))
    assert unseen.shape[1] == x.shape[1]
