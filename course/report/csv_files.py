"""The report's statistics as CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from course.grading.changes import why_words
from course.report.statistics import ExerciseStatistics, Report, StudentStatistics
from course.storage.spreadsheet import Cell, csv_text


def csv_files(report: Report) -> dict[str, str]:
    """The files' text by name; column names are plain words."""
    return {
        "scores.csv": _scores(report),
        "exercises.csv": _exercises(report),
        "questions.csv": _questions(report),
        "wrong_answers.csv": _wrong_answers(report),
        "predictions.csv": _predictions(report),
        "form.csv": _form(report),
        "similar.csv": _similar(report),
        "misconceptions.csv": _misconceptions(report),
        "changes.csv": _changes(report),
    }


def _scores(report: Report) -> str:
    if report.hidden:
        return _csv("student,status,points", ((s.name, s.status, s.points_range) for s in report.students))
    columns = "student,status,score,max_score,percent,questions_answered,first_answer,last_answer,attention"
    return _csv(columns, map(_score, report.students))


def _score(student: StudentStatistics) -> Sequence[Cell]:
    points = (student.score, student.max_score, student.percent)
    answers = (student.answered, _time(student.first_answer), _time(student.last_answer))
    return (student.name, student.status, *points, *answers, _reasons(student))


def _exercises(report: Report) -> str:
    rows = (
        (e.name, e.students, e.solved, e.partly, e.wrong, e.not_attempted, e.waiting, *_points(e))
        for e in report.exercises
    )
    return _csv("exercise,students,solved,partly,wrong,not_attempted,waiting,mean_score,max_score,by_hand", rows)


def _points(exercise: ExerciseStatistics) -> Sequence[Cell]:
    return (exercise.mean_score, exercise.max_score, exercise.by_hand)


def _questions(report: Report) -> str:
    rows = (
        (q.name, q.title, q.answered, q.difficulty, q.right_in_the_end, q.discrimination, q.compared, q.bottom, q.top)
        for q in report.questions
    )
    columns = "question,title,answered,difficulty,right_in_the_end,discrimination,compared,bottom_third,top_third"
    return _csv(columns, rows)


def _wrong_answers(report: Report) -> str:
    rows = (
        (question.name, wrong.text, wrong.students, _rounded(wrong.percent, 1), wrong.says, "; ".join(wrong.drew))
        for question in report.questions
        for wrong in question.wrong
    )
    return _csv("question,answer,students,mean_percent,misconception,who", rows)


def _predictions(report: Report) -> str:
    rows = ((p.name, p.title, p.students, p.before, p.after, p.learned, p.lost) for p in report.predictions)
    return _csv("question,title,students,right_before,right_after,became_right,became_wrong", rows)


def _form(report: Report) -> str:
    rows: list[Sequence[Cell]] = [("clear", answer, count) for answer, count in report.form.clear.items()]
    rows += [(name, text, 1) for name, texts in report.form.texts.items() for text in texts]
    return _csv("question,answer,students", rows)


def _similar(report: Report) -> str:
    return _csv("one,other,share", ((pair.one, pair.other, pair.share) for pair in report.similar))


def _misconceptions(report: Report) -> str:
    rows = ((m.where, m.says, m.students, m.example) for m in report.misconceptions)
    return _csv("where,misconception,students,example", rows)


def _changes(report: Report) -> str:
    if report.hidden:
        return _csv("why,students", report.change_reasons.items())
    words = why_words()
    rows = (
        (each.name, cell.cell, cell.before, cell.after, "; ".join(words.get(code, code) for code in cell.why))
        for each in report.changed
        for cell in each.cells
    )
    return _csv("student,task,before,after,why", rows)


def _rounded(cell: Cell, places: int) -> Cell:
    return round(cell, places) if isinstance(cell, float) else cell


def _time(time: datetime | None) -> str | None:
    return time.isoformat(timespec="seconds") if time else None


def _reasons(student: StudentStatistics) -> str:
    return "; ".join(f"{code}: {text}" if text else code for code, text in student.reasons)


def _csv(columns: str, rows: Iterable[Sequence[Cell]]) -> str:
    return csv_text(columns.split(","), ([_rounded(cell, 3) for cell in row] for row in rows))
