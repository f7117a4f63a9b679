"""A report in which nobody can be told: pseudonyms, masked texts, no times, and figures too coarse to point at one.

Counts follow the usual practice of statistics on students (HESA, rounding and suppression to anonymise statistics):
rounded to the nearest 5, so that 0 to 2 become 0; no mean of 7 or fewer. What is taken out here is in no page and no
CSV file, as neither has anything else to be made from.
"""

from __future__ import annotations

import json
import re
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from course.errors import CourseError
from course.grading.gradebook.store import Person
from course.language import _
from course.report.masks import MASK, mask_addresses, mask_of_names, masked
from course.report.measures import Reliability
from course.report.questions import PredictionStatistics, QuestionStatistics, WrongAnswer
from course.report.statistics import (
    ExerciseStatistics,
    FormStatistics,
    MisconceptionStatistics,
    Report,
    Spread,
    StudentStatistics,
)
from course.report.work import StudentWork
from course.storage.atomic import replace_file

STEP = 5  # to which counts of learners and percentages are rounded
FEWEST = 8  # learners behind a mean, a share or an example that is shown
TOGETHER = 5  # learners who share a range of points, at least
QUARTERS = (0, 25, 50, 75, 100)


def pseudonyms(path: Path, names: Sequence[str]) -> dict[str, str]:
    """A pseudonym for each name, the same every time: numbers drawn at random and kept in path, for the instructor."""
    try:
        numbers: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        numbers = {}
    except (OSError, ValueError) as error:
        told = _("{path} cannot be read ({reason}). Mend it, or move it away for new pseudonyms.")
        raise CourseError(told.format(path=path, reason=error)) from None
    fresh = [name for name in names if name not in numbers]
    secrets.SystemRandom().shuffle(fresh)
    start = max(numbers.values(), default=0) + 1
    numbers |= {name: start + index for index, name in enumerate(fresh)}
    if fresh:
        replace_file(path, json.dumps(numbers, indent=1).encode())
    path.chmod(0o600)
    return {name: _("Student {number}").format(number=numbers[name]) for name in names}


def without_names(
    works: Sequence[StudentWork], known: Mapping[str, str], people: Sequence[Person] = ()
) -> list[StudentWork]:
    """The same works under pseudonyms, in the pseudonyms' order; also inside what learners and graders wrote.

    people: as the gradebook has them, with names that are no ids.
    """
    mask_names = mask_of_names([*people, *(Person(name, "", "", "") for name in known)])

    def mask(text: str) -> str:
        return mask_names(mask_addresses(text))

    hidden = [
        replace(
            work,
            name=known[work.name],
            row=masked(work.row, mask),
            entries=[masked(entry, mask) for entry in work.entries],
            problems=tuple(mask(problem) for problem in work.problems),
        )
        for work in works
    ]
    return sorted(hidden, key=lambda work: int(re.sub(r"\D", "", work.name)))


def told_coarsely() -> tuple[str, ...]:
    """What the page says of all this, in sentences."""
    return (
        _("Names, logins, addresses and paths are masked, also in what learners wrote; times are left out."),
        _("A learner's points are a range that at least {count} learners share.").format(count=TOGETHER),
        _(
            "Counts of learners are rounded to the nearest {step}, so that 1 or 2 become 0; shares and means, too."
        ).format(step=STEP),
        _("Figures and examples of fewer than {count} learners are left out, and so are similar submissions.").format(
            count=FEWEST
        ),
        _("What learners wrote is quoted: how somebody writes may still tell who."),
    )


def coarse(report: Report, names: Sequence[str]) -> Report:
    """The report of a class under pseudonyms, coarsened. names: the real ones, of which none is an answer to show."""
    graded = sum(student.graded for student in report.students)
    enough = graded >= FEWEST
    ids = {name.lower() for name in names}
    misconceptions = [_misconception(m) for m in report.misconceptions]
    return replace(
        report,
        hidden=told_coarsely(),
        students=_students(report.students),
        counts={what: rounded(count) for what, count in report.counts.items()},
        reasons={code: rounded(count) for code, count in report.reasons.items() if rounded(count)},
        spread=_spread(report.spread) if report.spread and enough else None,
        scores=tuple(rounded(count) if enough else 0 for count in report.scores),
        exercises=tuple(_exercise(e) for e in report.exercises),
        misconceptions=tuple(m for m in misconceptions if m.students),
        questions=tuple(_question(q, ids) for q in report.questions),
        predictions=tuple(_prediction(p) for p in report.predictions),
        form=FormStatistics({key: rounded(n) for key, n in report.form.clear.items()}, report.form.texts),
        similar=(),
        changed=(),
        changed_at=None,
        change_reasons={why: rounded(n) for why, n in report.change_reasons.items() if rounded(n)},
        exercise_reliability=_reliability(report.exercise_reliability),
        quiz_reliability=_reliability(report.quiz_reliability),
    )


def rounded(count: int) -> int:
    """To the nearest STEP: 2 is 0, 3 is 5, 7 is 5, 8 is 10."""
    return (count + STEP // 2) // STEP * STEP


def _percent(share: float | None) -> float | None:
    """A share from 0 to 1, to the nearest STEP %."""
    return None if share is None else round(100 * share / STEP) * STEP / 100


def _students(students: Sequence[StudentStatistics]) -> tuple[StudentStatistics, ...]:
    """Nothing of each but the pseudonym, the status, and the range of the points of those who are graded."""
    ranges = ranges_of([s.exact_percent for s in students if s.graded and s.exact_percent is not None])
    return tuple(
        StudentStatistics(
            s.name,
            s.status,
            0.0,
            0.0,
            0,
            None,
            None,
            (),
            s.waits,
            _range_of(s.exact_percent if s.graded else None, ranges),
        )
        for s in students
    )


def ranges_of(percents: Sequence[float]) -> list[tuple[int, int]]:
    """Quarters of the points, joined until each has TOGETHER learners or more; none where the class has fewer."""
    if len(percents) < TOGETHER:
        return []
    counts = Counter(min(3, int(percent // 25)) for percent in percents)
    joined = [[low, high, counts[place]] for place, (low, high) in enumerate(pairwise(QUARTERS))]
    while len(joined) > 1 and min(count for _low, _high, count in joined) < TOGETHER:
        place = min(range(len(joined)), key=lambda at: joined[at][2])
        beside = [at for at in (place - 1, place + 1) if 0 <= at < len(joined)]
        other = min(beside, key=lambda at: joined[at][2])
        first, second = sorted((place, other))
        joined[first] = [joined[first][0], joined[second][1], joined[first][2] + joined[second][2]]
        del joined[second]
    return [(low, high) for low, high, _count in joined]


def _range_of(percent: float | None, ranges: Sequence[tuple[int, int]]) -> str:
    """'50–75 %'; full marks, and more, belong to the last."""
    if percent is None or not ranges:
        return ""
    low, high = next((each for each in ranges if percent < each[1]), ranges[-1])
    return f"{low}–{high} %"


def _spread(spread: Spread) -> Spread:
    mean, low, middle, high = (
        STEP * round(each / STEP) for each in (spread.mean, spread.low, spread.median, spread.high)
    )
    return Spread(mean, low, middle, high)


def _exercise(exercise: ExerciseStatistics) -> ExerciseStatistics:
    mean = exercise.mean_score if exercise.students - exercise.waiting >= FEWEST else None
    share = None if mean is None or not exercise.max_score else _percent(mean / exercise.max_score)
    solved, partly, wrong, not_attempted, waiting = (rounded(count) for count in exercise.outcomes)
    return replace(
        exercise,
        students=solved + partly + wrong + not_attempted + waiting,
        solved=solved,
        partly=partly,
        wrong=wrong,
        not_attempted=not_attempted,
        waiting=waiting,
        mean_score=None if share is None else share * exercise.max_score,
        by_hand=rounded(exercise.by_hand),
    )


def _misconception(misconception: MisconceptionStatistics) -> MisconceptionStatistics:
    few = misconception.students < FEWEST
    return replace(
        misconception,
        students=rounded(misconception.students),
        example="" if few else misconception.example,
        points_lost=0.0 if few else float(rounded(round(misconception.points_lost))),
    )


def _question(question: QuestionStatistics, ids: set[str]) -> QuestionStatistics:
    few, few_in_a_third = question.answered < FEWEST, question.compared < 3 * FEWEST
    wrong = [_wrong(each, ids) for each in question.wrong]
    return replace(
        question,
        answered=rounded(question.answered),
        difficulty=None if few else _percent(question.difficulty),
        right_in_the_end=None if few else _percent(question.right_in_the_end),
        discrimination=None if question.compared < FEWEST else question.discrimination,
        compared=rounded(question.compared),
        bottom=None if few_in_a_third else _percent(question.bottom),
        top=None if few_in_a_third else _percent(question.top),
        wrong=tuple(each for each in wrong if each.students),
    )


def _wrong(wrong: WrongAnswer, ids: set[str]) -> WrongAnswer:
    """An answer that is somebody's id (a number, say) is not shown."""
    few = wrong.students < FEWEST or wrong.percent is None
    return replace(
        wrong,
        text=MASK if wrong.text.strip().lower() in ids else wrong.text,
        students=rounded(wrong.students),
        drew=(),
        percent=None if few else float(STEP * round((wrong.percent or 0.0) / STEP)),
    )


def _prediction(prediction: PredictionStatistics) -> PredictionStatistics:
    p = prediction
    counts = (p.students, p.before, p.after, p.learned, p.lost)
    return PredictionStatistics(p.name, p.title, *((0,) * 5 if p.students < FEWEST else map(rounded, counts)))


def _reliability(reliability: Reliability | None) -> Reliability | None:
    return reliability and replace(reliability, learners=rounded(reliability.learners))
