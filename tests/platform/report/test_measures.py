"""The report's measures, each against an independent computation."""

from datetime import UTC, datetime

import numpy as np
import pytest

from course.catalog import load_catalog
from course.quiz.model import load_quiz
from course.quiz.record import Answer, QuizAnswers, Record
from course.report.measures import FEWEST_FOR_ALPHA, correlation, reliability, thirds
from course.report.statistics import Report, report_of
from course.report.work import StudentWork
from tests.platform.tiny import SLUG, TINY

CLASS = 40
ASKED = ("what-it-does", "new-rows", "spread-after", "tallest-bar", "same-twice")  # two count, three do not


def test_correlation_is_pearsons() -> None:
    assert correlation([0, 0, 1, 1], [0.0, 0.5, 0.5, 1.0]) == pytest.approx(0.5**0.5)
    assert correlation([1, 1, 1], [0.1, 0.2, 0.3]) is None
    assert correlation([0, 1], [0, 1]) is None


def test_alpha_of_items_right_or_wrong_is_kr_20() -> None:
    rows = [[int(item < learner) for item in range(4)] for learner in range(5)] * 2
    # right: 4/5, 3/5, 2/5, 1/5, so the sum of pq is .16 + .24 + .24 + .16 = .8; scores 0 to 4 have variance 2
    told = reliability(rows)
    assert told
    assert told.alpha == pytest.approx(4 / 3 * (1 - 0.8 / 2))
    assert (told.learners, told.items) == (10, 4)


def test_alpha_of_points_is_that_of_the_covariance_matrix() -> None:
    random = np.random.default_rng(3)
    points = random.normal(size=(25, 1)) + random.normal(size=(25, 6))
    covariances = np.cov(points.T)
    told = reliability(points.tolist())
    assert told
    assert told.alpha == pytest.approx(6 / 5 * (1 - np.trace(covariances) / covariances.sum()))


def test_who_is_missing_is_left_out_of_alpha_and_not_zero() -> None:
    whole: list[list[float | None]] = [[i % 2, i % 2, i % 3, None] for i in range(12)]
    part = reliability([*whole, [1, None, 0, 1]])
    assert part
    assert (part.learners, part.items) == (12, 3)  # the item that hardly anybody has is left out for all
    assert part == reliability([row[:3] for row in whole])


def test_alpha_takes_learners_items_and_a_spread() -> None:
    assert reliability([]) is None
    assert reliability([[i % 2, 1.0] for i in range(FEWEST_FOR_ALPHA - 1)]) is None
    assert reliability([[i % 2] for i in range(20)]) is None
    assert reliability([[1.0, 1.0]] * 20) is None


def test_thirds_are_those_of_the_ranks() -> None:
    assert thirds([0, 0, 1, 0, 1, 1, 1, 1, 0], list(range(9))) == pytest.approx((1 / 3, 2 / 3))
    assert thirds([0, 1, 1, 0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 1, 1, 2, 2, 2]) == (0.5, 1)  # four tie at the lower edge
    assert thirds([0, 1] * 10, [1] * 20) is None
    assert thirds([0] * 4 + [1] * 4, list(range(8))) is None


def answered(right: np.ndarray) -> Report:
    """The report of learners whose answers to ASKED are right (1), wrong (0) or missing (-1)."""
    quiz = load_quiz(SLUG, load_catalog(TINY))
    works = []
    for number, row in enumerate(right):
        records = {}
        for name, mark in zip(ASKED, row, strict=True):
            question = quiz.question(name)
            if mark >= 0:
                chosen = next(o.id for o in question.options if o.correct == bool(mark))  # type: ignore[union-attr]
                records[name] = Record((Answer(datetime(2026, 1, 5, tzinfo=UTC), chosen),), 1)
        works.append(StudentWork(f"s{number}", None, QuizAnswers(records)))
    return report_of(works, quiz)


def test_a_question_is_compared_with_all_others_that_were_answered() -> None:
    random = np.random.default_rng(0)
    able = random.normal(size=(CLASS, 1))
    right = (able + random.normal(size=(CLASS, len(ASKED))) > 0).astype(float)
    right[random.random(right.shape) < 0.1] = -1
    report = answered(right)
    missing = np.where(right < 0, np.nan, right)
    for column, name in enumerate(ASKED):
        question = next(each for each in report.questions if each.name == name)
        there = ~np.isnan(missing[:, column])
        rest = np.nanmean(np.delete(missing, column, axis=1)[there], axis=1)
        assert question.compared == question.answered == there.sum()
        assert question.difficulty == pytest.approx(np.nanmean(missing[:, column]))
        assert question.discrimination == pytest.approx(np.corrcoef(missing[there, column], rest)[0, 1])


def test_the_quiz_has_the_reliability_of_the_questions_that_were_answered() -> None:
    random = np.random.default_rng(1)
    right = (random.normal(size=(CLASS, 1)) + random.normal(size=(CLASS, len(ASKED))) > 0).astype(float)
    told = answered(right).quiz_reliability
    assert told
    share = right.mean(axis=0)
    kr_20 = 5 / 4 * (1 - (share * (1 - share)).sum() / right.sum(axis=1).var())
    assert (told.alpha, told.learners, told.items) == (pytest.approx(kr_20), CLASS, len(ASKED))


def test_points_are_of_those_who_have_some_and_marks_by_hand_are_counted() -> None:
    def graded(name: str, status: str, first: float | None, second: float | None, hand: float | None) -> StudentWork:
        common = {"max_score": 4.0, "reason": "", "misconceptions": [], "findings": []}
        one = {"score": first, "status": "error" if first is None else "partial", "by_hand": None, **common}
        two = {"score": second, "status": "error" if second is None else "partial", "by_hand": hand, **common}
        score = (first or 0) + (second or 0)
        row = {"status": status, "score": score, "max_score": 8.0, "reason": "", "cells": {"e1": one, "e2": two}}
        return StudentWork(name, row)

    given = [(float(i % 5), float((i * 2) % 5)) for i in range(12)]
    works = [graded(f"s{i}", "graded", one, two, two if i < 3 else None) for i, (one, two) in enumerate(given)]
    works += [graded("unreadable", "needs attention", None, None, None), StudentWork("gone", None, submitted=False)]
    report = report_of(works, None)
    first, second = report.exercises
    assert (first.mean_score, first.max_score) == (pytest.approx(np.mean([one for one, _two in given])), 4)
    assert second.mean_score == pytest.approx(np.mean([two for _one, two in given]))
    assert (first.by_hand, second.by_hand) == (0, 3)
    assert sum(report.scores) == 12  # neither the one that was not read nor the one that is not there
    assert not next(each for each in report.students if each.name == "unreadable").graded
    covariances = np.cov(np.array(given).T)
    assert report.exercise_reliability
    assert report.exercise_reliability.learners == 12
    alpha = 2 * (1 - np.trace(covariances) / covariances.sum())
    assert report.exercise_reliability.alpha == pytest.approx(alpha)
