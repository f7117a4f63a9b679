"""Whose solutions look alike: a copy with other names is found, learners who solved alike by themselves are not."""

import random
import re
from pathlib import Path

from course.catalog import load_catalog
from course.report.similarity import Pair, pairs_of, similar_pairs
from tests.platform.tiny import RIGHT, SLUG, WRONG, copy_course, reference_solutions, write_submission

REFERENCE = reference_solutions()


def independent(count: int, seed: int) -> dict[str, dict[str, str]]:
    """Learners of whom each took, exercise by exercise, one of about a dozen ways; more alike than real ones are."""
    rng = random.Random(seed)
    ways = {name: [REFERENCE[name], *RIGHT[name].values(), *WRONG[name].values()] for name in RIGHT}
    return {f"learner-{n}": {name: rng.choice(each) for name, each in ways.items()} for n in range(count)}


def code(solutions: dict[str, str]) -> str:
    return "\n\n".join(solutions.values())


def renamed(text: str) -> str:
    return re.sub(r"\bresults\b", "table", re.sub(r"\bmask\b", "kept", text)).replace("\n\n", "\n\n\n# mine\n")


def test_nobody_is_named_who_solved_alike_by_chance() -> None:
    known = [code({name: REFERENCE[name] for name in RIGHT})]
    for count, seed in ((6, 1), (12, 2), (24, 3)):
        assert pairs_of({name: code(each) for name, each in independent(count, seed).items()}, known) == []


def test_a_copy_with_other_names_is_found_and_no_other() -> None:
    codes = {name: code(each) for name, each in independent(24, 5).items()}
    codes["copied"] = renamed(codes["learner-3"])
    found = pairs_of(codes, [])
    assert [(pair.one, pair.other) for pair in found] == [("learner-3", "copied")]
    assert found[0].share > 0.9


def test_the_reference_and_the_stub_are_nobodys_own(tmp_path: Path) -> None:
    root = copy_course(tmp_path / "course")
    work = {"ada": REFERENCE, "ben": REFERENCE, "cleo": {}, "dora": {}}
    folders = {name: write_submission(tmp_path / name / SLUG, solutions) for name, solutions in work.items()}
    (folders["cleo"] / "exercises.ipynb").write_text("broken")
    assert similar_pairs(load_catalog(root), SLUG, folders) == []


def test_submissions_that_are_alike_are_a_pair(tmp_path: Path) -> None:
    root, one = copy_course(tmp_path / "course"), independent(1, 6)["learner-0"]
    folders = {"ada": write_submission(tmp_path / "ada" / SLUG, one)}
    folders["ben"] = write_submission(tmp_path / "ben" / SLUG, {name: renamed(source) for name, source in one.items()})
    folders["cleo"] = write_submission(tmp_path / "cleo" / SLUG, independent(1, 7)["learner-0"])
    assert similar_pairs(load_catalog(root), SLUG, folders) == [Pair("ada", "ben", 1.0)]
