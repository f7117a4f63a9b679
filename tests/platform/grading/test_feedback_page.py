"""The page that a learner gets back, from what was found: sums, lateness, what a learner alone sees."""

import json
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.platform.tiny import SLUG, TINY, WRONG, reference_solutions, write_submission

# isort: split
from course.catalog import load_catalog
from course.grading.feedback.page import page_of, write_feedback
from course.grading.feedback.work import Work
from course.grading.run import Result
from course.notebooks.reading import read_notebook
from course.verdict import Finding, Verdict, weighted
from tests.platform.grading.test_feedback import task, to_plain

WRITTEN = "explain_scaling"


def found(*verdicts: Verdict, **more: Any) -> dict[str, Any]:
    """A row as the gradebook completes it."""
    return {"notes": [], "cells": {each.name: each.as_json() for each in verdicts}, **more}


def half(name: str, *says: str) -> Verdict:
    ideas = [Finding(False, f"check {n}", "no", 1.0, "code", idea, "How it works") for n, idea in enumerate(says)]
    return weighted(name, [*(Finding(True, f"right {n}") for n, _idea in enumerate(says)), *ideas], 4.0)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    folder = write_submission(tmp_path / SLUG, {"standardise": WRONG["standardise"]["no_rescale"], WRITTEN: "So."})
    notebooks = {path.stem: read_notebook(path) for path in folder.glob("*.ipynb")}
    return Work(found(half("standardise", "An idea.")), notebooks, folder, "ada")


def page(work: Work) -> str:
    return page_of(load_catalog(TINY), SLUG, work)


def test_points_off_for_lateness_are_told_and_taken_from_the_sum(work: Work) -> None:
    row = {**work.row, "penalty": 0.5}
    late = replace(work, row=row, handed_in=datetime(2030, 5, 2, 9, 0), seconds_late=54_000.0)
    text = to_plain(page(late))
    assert "ada · handed in 2030-05-02 09:00 UTC" in text
    assert "1.5 / 4 points" in text
    assert "Late submission penalty: 0.5 (late by 15 h)" in text
    assert "Late submission penalty −0.5 Together 1.5 / 4" in text
    assert "0 / 4 points" in to_plain(page(replace(late, row={**row, "penalty": 7.0})))
    assert "(late by less than a minute)" in to_plain(page(replace(late, seconds_late=9.0)))
    unknown = to_plain(page(replace(late, handed_in=None, seconds_late=None)))
    assert "Late submission penalty: 0.5 (late, as Canvas says, which does not tell since when)" in unknown
    assert "handed in" not in unknown
    assert "penalty" not in to_plain(page(work))


def test_a_page_from_the_gradebook_leaves_no_lateness_out(work: Work, course_copy: Path) -> None:
    (course_copy / "course.yml").write_text("late: {percent: 10, per: day}\n")
    catalog, told = load_catalog(course_copy), "Points taken off for handing in late are not counted here."
    assert told not in page_of(catalog, SLUG, work)
    assert told in page_of(catalog, SLUG, replace(work, learner=""))


def test_an_idea_is_told_once_with_all_its_tasks_and_a_section_stands_there_once(work: Work) -> None:
    row = found(half("standardise", "An idea.", "Another."), half("running_sum", "An idea."))
    ideas = page(replace(work, row=row)).split("Ideas to look at again")[1].split("<h2>")[0]
    text = to_plain(ideas)
    assert text.count("An idea. Exercise 1. Standardise the columns, Exercise 2. A running sum") == 1
    assert text.count("Subtract the mean of each column") == 1
    assert text.count("Reread: How it works") == 2
    links = re.findall(r'href="#(idea-\d)"', ideas)
    assert links
    assert all(f'id="{link}"' in ideas for link in links)


def test_what_has_all_points_by_hand_is_no_idea_to_look_at_again(work: Work) -> None:
    cell = {**half("standardise", "An idea.").as_json(), "score": 4.0, "status": "passed", "by_hand": 4.0}
    text = to_plain(page(replace(work, row={"notes": [], "cells": {"standardise": cell}})))
    assert "Ideas to look at again" not in text
    assert "All points: Exercise 1" in text
    assert "4 / 4 points · points given by a person" in text


@pytest.mark.parametrize("kept", ["an older mark", "nothing"])
def test_no_model_answer_while_the_answer_waits(work: Work, kept: str) -> None:
    cell = {**Verdict(WRITTEN, 1.0 if kept == "an older mark" else None, 3.0, "manual", reason="Changed.").as_json()}
    cell |= {"needs_manual_grade": True, "by_hand": 1.0 if kept == "an older mark" else None}
    model = reference_solutions()[WRITTEN].splitlines()[1][:40]
    waiting = page(replace(work, row={"notes": [], "cells": {WRITTEN: cell}}))
    assert model not in waiting
    marked = {**cell, "needs_manual_grade": False, "score": 0.0, "by_hand": 0.0, "status": "failed"}
    assert model in page(replace(work, row={"notes": [], "cells": {WRITTEN: marked}}))


def test_a_task_that_the_chapter_no_longer_has_keeps_its_points_and_comment(work: Work) -> None:
    gone = {**Verdict("gone", 1.0, 2.0, "partial").as_json(), "by_hand": 1.0}
    shown = page(replace(work, row={"notes": [], "cells": {"gone": gone}}, comments={"gone": "Half *of* it."}))
    assert "1 / 2 points · points given by a person" in task(shown, "gone")
    assert "Half of it." in task(shown, "gone")


def test_a_comment_on_code_stands_by_its_task(work: Work) -> None:
    shown = page(replace(work, comments={"standardise-solution": "Divide as well."}))
    assert "Your instructor's comment Divide as well." in task(shown, "standardise")


def test_a_learner_alone_has_the_same_page_and_is_told_where_a_model_answer_is(work: Work) -> None:
    open_answer = Verdict(WRITTEN, None, 3.0, "manual", reason="Waits for a person to grade it.")
    result = Result(SLUG, {each.name: each for each in (half("standardise", "An idea."), open_answer)}, work.notebooks)
    shown = write_feedback(load_catalog(TINY), result, work.folder).read_text()
    text = to_plain(shown)
    assert "2 / 7 points so far" in text
    assert "Waiting for a person: Exercise 4. In words" in text
    assert "Your answer So." in task(shown, WRITTEN)
    assert f'run this in a cell of the notebook: model_answer("{WRITTEN}")' in task(shown, WRITTEN)
    assert reference_solutions()[WRITTEN].splitlines()[1][:40] not in shown
    assert "Reread: How it works" in text


def test_a_formula_of_a_quiz_reply_is_drawn(work: Work) -> None:
    reply = Finding(False, "About $x$", "Then $\\frac{1}{1-p}$ is large.", says="Think $p$.")
    shown = page(replace(work, row=found(weighted("quiz", [reply], 1.0))))
    assert "<mfrac>" in shown
    assert "\\frac" not in re.sub("<annotation.*?</annotation>", "", shown)


def test_answers_that_cannot_be_read_cost_no_page(work: Work) -> None:
    (work.folder / "answers.json").write_text("{broken")
    row = found(weighted("quiz", [Finding(False, "What standardising does", "Not answered.")], 1.0))
    assert "Not answered." in task(page(replace(work, row=row)), "quiz")
    (work.folder / "answers.json").write_text(json.dumps({"version": 1, "quizzes": {SLUG: {"answers": [1]}}}))
    assert "Not answered." in task(page(replace(work, row=row)), "quiz")


def test_the_page_is_in_the_readers_language(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    row = found(half("standardise", "Una idea."), Verdict(WRITTEN, 2.5, 3.0, "partial"))
    shown = page(replace(work, row=row))
    assert '<html lang="es">' in shown
    for told in ("Ideas que conviene repasar", "4,5 / 7 puntos", "Releer: How it works", "Tu código"):
        assert told in to_plain(shown)
