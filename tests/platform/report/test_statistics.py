"""The report's figures of a class drawn at random, each against an independent computation from the same draw.

Some are missing, some could not be read, some have marks by hand or nothing in a task: none of them counts as zero.
"""

import statistics
from collections import Counter
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from course.catalog import load_catalog
from course.quiz.model import Quiz, load_quiz
from course.quiz.record import Answer, QuizAnswers, Record
from course.report.statistics import Report, report_of
from course.report.work import StudentWork
from tests.platform.tiny import SLUG, TINY

CLASS = 37
QUESTIONS = ("what-it-does", "new-rows", "spread-after", "tallest-bar", "same-twice", "divided")
LESSONS = ("no_rescale", "one_mean_for_all")
STATUS = {0.0: "failed", 4.0: "passed"}


@cache
def the_quiz() -> Quiz:
    """Read once: every answer of every learner is made from it."""
    return load_quiz(SLUG, load_catalog(TINY), "en")


class Drawn:
    """points (learners, exercises): nan where the cell is open; right, later (learners, questions): nan for none."""

    def __init__(self, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.points = random.choice([0.0, 1.5, 3.0, 4.0], size=(CLASS, 2))
        self.points[random.random(self.points.shape) < 0.1] = np.nan
        self.by_hand = random.random(self.points.shape) < 0.2
        able = random.normal(size=(CLASS, 1))
        self.right = (able + random.normal(size=(CLASS, len(QUESTIONS))) > 0).astype(float)
        self.right[random.random(self.right.shape) < 0.15] = np.nan
        self.later = np.maximum(self.right, random.random(self.right.shape) < 0.5)
        self.idea = random.integers(2, size=self.points.shape)

    @property
    def graded(self) -> np.ndarray:
        """Those without an open cell; percentages are theirs."""
        return ~np.isnan(self.points).any(axis=1)

    @property
    def percents(self) -> np.ndarray:
        return np.nansum(self.points, axis=1) / 8 * 100

    def report(self) -> Report:
        gone = [StudentWork(f"gone{n}", None, submitted=False) for n in range(3)]
        unread = [StudentWork("unread", {"status": "needs attention", "score": 0.0, "max_score": 8.0, "cells": {}})]
        works = [self._work(n) for n in range(CLASS)]
        return report_of([*works, *gone, *unread], the_quiz())

    def _work(self, learner: int) -> StudentWork:
        cells = {f"e{n}": self._cell(learner, n) for n in range(2)}
        status = "graded" if self.graded[learner] else "partly graded"
        score = float(np.nansum(self.points[learner]))
        row = {"status": status, "score": score, "max_score": 8.0, "reason": "", "cells": cells}
        answers = {name: self._record(learner, n) for n, name in enumerate(QUESTIONS) if self.right[learner, n] >= 0}
        return StudentWork(f"s{learner:02}", row, QuizAnswers(answers))

    def _cell(self, learner: int, exercise: int) -> dict[str, object]:
        points = self.points[learner, exercise]
        given = {"max_score": 4.0, "reason": "", "misconceptions": [], "findings": [], "by_hand": None}
        if np.isnan(points):
            return {**given, "score": None, "status": "error"}
        if points < 4:
            given |= {"misconceptions": [LESSONS[self.idea[learner, exercise]]]}
            given |= {"findings": [{"passed": False, "label": "x", "message": "y"}]}
        if self.by_hand[learner, exercise]:
            given |= {"by_hand": float(points)}
        return {**given, "score": float(points), "status": STATUS.get(points, "partial")}

    def _record(self, learner: int, place: int) -> Record:
        marks = [self.right[learner, place], self.later[learner, place]]
        given = [response(the_quiz().question(QUESTIONS[place]), bool(mark)) for mark in marks]
        when = datetime(2026, 1, 5, tzinfo=UTC)
        return Record(tuple(Answer(when, each) for each in given), len(given))


def response(question: object, right: bool) -> str:
    options = getattr(question, "options", None)
    if options is None:
        return "3.75" if right else "2.4"
    return str(next(option.id for option in options if option.correct == right))


@pytest.fixture(params=[1, 2, 3])
def drawn(request: pytest.FixtureRequest) -> Drawn:
    return Drawn(request.param)


def test_counts_tell_handed_in_graded_and_missing_apart(drawn: Drawn) -> None:
    counts = drawn.report().counts
    assert counts["handed in"] == CLASS + 1  # with the one that could not be read
    assert counts["graded"] == drawn.graded.sum() < CLASS
    assert counts["missing"] == 3


def test_spread_and_histogram_are_of_the_graded_alone(drawn: Drawn) -> None:
    report, shares = drawn.report(), drawn.percents[drawn.graded].tolist()
    assert report.spread
    assert report.spread.mean == pytest.approx(statistics.fmean(shares))
    quartiles = statistics.quantiles(shares, n=4, method="inclusive")
    assert [report.spread.low, report.spread.median, report.spread.high] == pytest.approx(quartiles)
    assert list(report.scores) == np.histogram(shares, bins=np.linspace(0, 100, 11))[0].tolist()


def test_a_share_just_below_a_tenth_belongs_below_and_one_on_it_above() -> None:
    def scores(points: float) -> list[int]:
        row = {"status": "graded", "score": points, "max_score": 3.0, "cells": {}}
        report = report_of([StudentWork("ada", row)], None)
        return [tenth for tenth, count in enumerate(report.scores) if count]

    assert scores(2.699) == [8]  # 89.97 %, which is shown as 90.0
    assert scores(2.7) == scores(3 * 0.9) == scores(3.0) == [9]
    assert scores(2.1) == scores(0.7 + 0.7 + 0.7) == [7]


def test_exercises_are_means_and_counts_of_those_who_have_points(drawn: Drawn) -> None:
    for place, exercise in enumerate(drawn.report().exercises):
        points = drawn.points[:, place]
        known = points[~np.isnan(points)]
        assert exercise.mean_score == pytest.approx(np.nanmean(points))
        assert exercise.outcomes == (
            (known == 4).sum(),
            ((known > 0) & (known < 4)).sum(),
            (known == 0).sum(),
            0,
            np.isnan(points).sum(),
        )
        assert exercise.students == CLASS
        assert exercise.by_hand == (drawn.by_hand[:, place] & ~np.isnan(points)).sum()


def test_alpha_of_the_exercises_is_that_of_the_covariances_of_whole_rows(drawn: Drawn) -> None:
    whole = drawn.points[drawn.graded]
    covariances = np.cov(whole.T)
    told = drawn.report().exercise_reliability
    assert told
    assert told.learners == len(whole)
    assert told.alpha == pytest.approx(2 * (1 - np.trace(covariances) / covariances.sum()))


def test_questions_against_numpy_with_gaps(drawn: Drawn) -> None:
    questions = {each.name: each for each in drawn.report().questions}
    for place, name in enumerate(QUESTIONS):
        question = questions[name]
        there = ~np.isnan(drawn.right[:, place])
        own = drawn.right[there, place]
        rest = np.nanmean(np.delete(drawn.right[there], place, axis=1), axis=1)
        assert question.answered == there.sum() < CLASS
        assert question.difficulty == pytest.approx(own.mean())
        assert question.right_in_the_end == pytest.approx(drawn.later[there, place].mean())
        assert question.discrimination == pytest.approx(np.corrcoef(own, rest)[0, 1])
        size = there.sum() // 3
        ordered = np.sort(rest)
        assert question.bottom == pytest.approx(own[rest <= ordered[size - 1]].mean())
        assert question.top == pytest.approx(own[rest >= ordered[-size]].mean())


def test_a_wrong_answer_tells_the_mean_points_of_those_whom_it_drew(drawn: Drawn) -> None:
    place = QUESTIONS.index("divided")
    question = next(each for each in drawn.report().questions if each.name == "divided")
    (wrong,) = question.wrong
    chosen = drawn.right[:, place] == 0
    assert (wrong.text, wrong.students) == ("2.4", chosen.sum())
    assert wrong.percent == pytest.approx(drawn.percents[chosen].mean())


def test_misconceptions_count_learners_and_the_points_that_they_cost(drawn: Drawn) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    lost: Counter[tuple[str, str]] = Counter()
    for learner, exercise in np.argwhere(drawn.points < 4):
        key = f"e{exercise}", LESSONS[drawn.idea[learner, exercise]]
        counts[key] += 1
        lost[key] += 4 - drawn.points[learner, exercise]
    found = {(m.where, m.name): m for m in drawn.report().misconceptions if m.where != "quiz"}
    assert {key: m.students for key, m in found.items()} == counts
    assert {key: m.points_lost for key, m in found.items()} == pytest.approx(dict(lost))
