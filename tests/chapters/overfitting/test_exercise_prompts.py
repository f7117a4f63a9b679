"""What the prompts of the exercises promise: their examples, and how points are shared."""

from __future__ import annotations

import re

import numpy as np
import pytest

from course.authoring.solutions import known_solutions
from course.catalog import load_catalog
from course.chapters.overfitting.judges.choose_epochs import GOAL, N_UNSEEN
from course.chapters.overfitting.stopping_data import MOST_EPOCHS, N_TRAIN, N_VALIDATION
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from course.verdict import Finding
from tests.conftest import ROOT
from tests.contract.chapters import defined
from tests.exercise_prompts import Prompts

CHAPTER = Prompts("2-1-overfitting")
PROMPTS, own = CHAPTER.texts, CHAPTER.own


@pytest.mark.parametrize(
    ("exercise", "total"), [("split", "9"), ("memorised", "7"), ("early_stop", "8"), ("choose_epochs", "5")]
)
def test_parts_of_the_points_are_the_weights_of_the_judge(exercise: str, total: str) -> None:
    CHAPTER.tells_the_parts(exercise, total)


def test_the_example_of_learnt_and_repeated_is_right() -> None:
    rows = re.findall(r"^\| (\d) \| (\d) \| (\d) \| (\d) \|$", PROMPTS["memorised"], flags=re.MULTILINE)
    told, right, answers = np.array(rows, dtype=int).T[1:]
    assert own("memorised")(answers, told, right) == (0.5, 0.5)
    assert "`(0.5, 0.5)`" in PROMPTS["memorised"]


def test_the_table_of_early_stopping_is_right() -> None:
    prompt = PROMPTS["early_stop"]
    values = [float(n) for n in re.findall(r"\d\.\d+", prompt.split("the values")[1].split(":")[0])]
    rows = re.findall(r"^\| (\d) \| (\d) \| (\d) \|", prompt, flags=re.MULTILINE)
    assert len(values) == 10
    assert len(rows) == 3
    for patience, best, ran in rows:
        assert own("early_stop")(values, int(patience), "min") == (int(best), int(ran))


def test_the_capstone_states_its_goal_and_sizes() -> None:
    prompt = PROMPTS["choose_epochs"]
    assert f"at most {100 * GOAL:.0f} percentage points below the best of all {MOST_EPOCHS} epochs" in prompt
    assert f"on {N_UNSEEN:,} new rows" in prompt
    assert f"{N_TRAIN} training rows" in prompt
    assert f"{N_VALIDATION} validation rows" in prompt


# --- what reports say -------------------------------------------------------------------------------------------------


def faults(exercise: str, name: str) -> list[Finding]:
    """What the report on a known solution says, as the notebook's check shows it."""
    catalog = load_catalog(ROOT)
    chapter = catalog.chapter(CHAPTER.slug)
    source = next(each.source for each in known_solutions(catalog, chapter)[exercise] if each.name == name)
    verdict = check_candidate(exercise, defined(CHAPTER.slug, source), VISIBLE_SEED, chapter)
    return [finding for finding in verdict.findings if not finding.passed]


def test_rows_that_are_only_turned_are_told_which_neighbours_stay_together() -> None:
    (fault,) = faults("split", "neighbours_stay_together")
    one, other = re.findall(r"rows (\d+) and (\d+) were both in `test`", fault.message)[0]
    assert int(other) == int(one) + 1
    assert "about 14 would be usual" in fault.message


@pytest.mark.parametrize("name", ["another_order", "masks", "sizes_swapped"])
def test_a_wrong_size_is_told_of_one_call_and_not_of_hundreds(name: str) -> None:
    told = [fault.told for fault in faults("split", name)]
    assert told
    assert not [text for text in told if "400" in text]


def test_numpys_warning_about_no_numbers_is_kept_from_the_report(
    capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder
) -> None:
    assert "with a warning that the check does not mind" in PROMPTS["memorised"]
    assert faults("memorised", "mean_of_no_rows") == []
    assert "Warning" not in "".join(capfd.readouterr())
    assert not [each for each in recwarn if issubclass(each.category, RuntimeWarning)]


def test_whether_equal_values_are_better_is_asked_of_nobody_but_those_who_took_them_for_better() -> None:
    asked = "Is 0.4 better than 0.4?"
    assert [fault.thought for fault in faults("early_stop", "tie_is_better")] == [asked]
    for name in ("returns_last_epoch", "one_epoch_late", "looks_ahead", "counts_from_zero", "never_stops"):
        assert asked not in [fault.thought for fault in faults("early_stop", name)]


def test_the_report_on_the_capstone_names_each_problem_and_the_mistake() -> None:
    told = [fault.told for fault in faults("choose_epochs", "one_number_for_all")]
    assert [text.split("For ")[1].split(" came")[0] for text in told] == ["`noisy`", "`spirals`"]
    assert all("The same number came back for every problem" in text for text in told)
    (zero,) = faults("choose_epochs", "counts_from_zero")
    assert "For `easy` came back: 0." in zero.told
    assert "Which number does the first epoch have?" in zero.told
