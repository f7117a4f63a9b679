"""The report's drawings: bars and dots stand where the figures say, and the same is told in words."""

import pytest

from course.report.drawing import BOTTOM, LEFT, OUTCOMES, RIGHT, TOP, WEAK, WIDTH, dot_plot, histogram, outcome_bars
from course.report.questions import QuestionStatistics
from course.report.statistics import ExerciseStatistics


def question(difficulty: float | None, discrimination: float | None) -> QuestionStatistics:
    return QuestionStatistics("q", "What `fit` does", 9, difficulty, None, discrimination, 9, None, None, ())


def exercise(name: str, *outcomes: int) -> ExerciseStatistics:
    return ExerciseStatistics(name, sum(outcomes), *outcomes, mean_score=1.25, max_score=2.0)


def test_bars_are_as_high_as_the_counts_and_told_in_words() -> None:
    drawing = histogram((1, 0, 0, 0, 2, 0, 0, 0, 0, 4))
    assert [bar.height / (BOTTOM - TOP) for bar in drawing.boxes] == [0.25, 0.5, 1]
    assert {"1", "2", "4"} <= {text.text for text in drawing.texts}
    assert drawing.told == "0–10 %: 1; 40–50 %: 2; 90–100 %: 4"


def test_dots_stand_at_difficulty_and_discrimination_by_number() -> None:
    drawing = dot_plot([question(0, -1), question(0.5, None), question(1, 1)])
    assert drawing
    assert [(dot.x, dot.y) for dot in drawing.dots] == [(LEFT, BOTTOM), (RIGHT, TOP)]
    assert [dot.tip for dot in drawing.dots] == ["1. What fit does: 0 %, -1.00", "3. What fit does: 100 %, 1.00"]
    assert ("1", LEFT, BOTTOM + 15) in [(text.text, text.x, text.y) for text in drawing.texts]
    assert not [text for text in drawing.texts if text.text == "3"]  # strong enough: no number
    assert drawing.told == "1: 0 %, -1.00; 3: 100 %, 1.00"
    assert dot_plot([question(0.5, None)]) is None


@pytest.mark.parametrize(("lowest", "axis"), [(0.1, -0.5), (-0.5, -0.5), (-0.6, -1.0)])
def test_the_zone_of_weak_questions_reaches_up_to_the_weakest_that_is_good_enough(lowest: float, axis: float) -> None:
    drawing = dot_plot([question(0.5, lowest), question(0.5, WEAK)])
    assert drawing
    (zone,) = drawing.boxes
    assert zone.y == pytest.approx(BOTTOM - (WEAK - axis) / (1 - axis) * (BOTTOM - TOP), abs=0.1)
    assert zone.y == drawing.dots[1].y
    assert zone.y + zone.height == pytest.approx(BOTTOM)


def test_each_exercise_is_a_bar_whose_parts_are_the_outcomes() -> None:
    drawing = outcome_bars([exercise("standardise", 5, 3, 0, 1, 1), exercise("first_peak", 0, 0, 0, 0, 4)])
    assert drawing
    *bars, _full, _part, _none, _untried, _open = drawing.boxes  # the last five are the legend's
    assert [(box.kind, box.x, box.width) for box in bars] == [
        ("full", 0, WIDTH / 2),
        ("part", WIDTH / 2, 0.3 * WIDTH),
        ("untried", 0.8 * WIDTH, WIDTH / 10),
        ("open", 0.9 * WIDTH, WIDTH / 10),
        ("open", 0, WIDTH),
    ]
    assert [box.kind for box in drawing.boxes[-5:]] == list(OUTCOMES)
    assert [text.text for text in drawing.texts if text.kind in OUTCOMES] == ["5", "3", "1", "1", "4"]
    assert drawing.told == ("standardise: Solved 5, Partly 3, Not attempted 1, Waiting 1; first_peak: Waiting 4")
    assert [text.text for text in drawing.texts if text.text.endswith("/ 2")] == ["1.25 / 2", "1.25 / 2"]
    assert outcome_bars([]) is None


def test_a_part_too_small_for_its_count_is_drawn_and_told() -> None:
    drawing = outcome_bars([exercise("standardise", 399, 0, 1, 0, 0)])
    assert drawing
    assert [text.text for text in drawing.texts if text.kind in OUTCOMES] == ["399"]
    assert next(box.width for box in drawing.boxes if box.kind == "none") == WIDTH / 400
    assert "Not yet right 1" in drawing.told
