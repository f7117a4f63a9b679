"""The report's figures as CSV files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from course.report.statistics import Report, StudentFigures
from course.storage.spreadsheet import Cell, csv_text


def csv_files(report: Report) -> dict[str, str]:
    """The files' text by name; column names are plain words."""
    return {
        "scores.csv": _csv(
            "student,status,score,max_score,percent,questions_answered,first_answer,last_answer,attention",
            (
                (
                    s.name,
                    s.status,
                    s.score,
                    s.max_score,
                    s.percent,
                    s.answered,
                    _time(s.first_answer),
                    _time(s.last_answer),
                    _reasons(s),
                )
                for s in report.students
            ),
        ),
        "exercises.csv": _csv(
            "exercise,students,solved,partly,wrong,not_attempted,waiting",
            ((e.name, e.students, e.solved, e.partly, e.wrong, e.not_attempted, e.waiting) for e in report.exercises),
        ),
        "questions.csv": _csv(
            "question,title,answered,difficulty,right_in_the_end,discrimination",
            (
                (q.name, q.title, q.answered, q.difficulty, q.right_in_the_end, q.discrimination)
                for q in report.questions
            ),
        ),
        "wrong_answers.csv": _csv(
            "question,answer,students,mean_percent,misconception,who",
            (
                (q.name, w.text, len(w.drew), _rounded(w.percent), w.says, "; ".join(w.drew))
                for q in report.questions
                for w in q.wrong
            ),
        ),
        "predictions.csv": _csv(
            "question,title,students,right_before,right_after,became_right,became_wrong",
            ((p.name, p.title, p.students, p.before, p.after, p.learned, p.lost) for p in report.predictions),
        ),
        "form.csv": _csv(
            "question,answer,students",
            [
                *(("clear", answer, count) for answer, count in report.form.clear.items()),
                *((name, text, 1) for name, texts in report.form.texts.items() for text in texts),
            ],
        ),
        "similar.csv": _csv("one,other,share", ((p.one, p.other, round(p.share, 3)) for p in report.similar)),
        "misconceptions.csv": _csv(
            "where,misconception,students,example",
            ((m.where, m.says, m.students, m.example) for m in report.misconceptions),
        ),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _time(time: datetime | None) -> str | None:
    return time.isoformat(timespec="seconds") if time else None


def _reasons(student: StudentFigures) -> str:
    return "; ".join(f"{code}: {text}" if text else code for code, text in student.reasons)


def _csv(columns: str, rows: Iterable[Sequence[Cell]]) -> str:
    return csv_text(columns.split(","), rows)
