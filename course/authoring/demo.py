"""`course demo`: a simulated class, on which an instructor can try everything before real learners come.

The class has a folder of its own, with the course's sources and its course.yml, so that nbgrader's commands work there
too and grades are as they will be; nothing is written anywhere else. Its mistakes are those that the chapter's tests
know by name, so it needs a clone of the course.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat

from course.authoring.solutions import known_solutions, reference_cells
from course.catalog import Catalog
from course.errors import CourseError, UsageError
from course.exercises.misconceptions import CHAPTERS
from course.forms.feedback_form import append_entry, new_entry
from course.grading.gradebook.store import ClassFolder
from course.notebooks.release import release
from course.notebooks.restore import grade_id
from course.quiz.model import Quiz, load_quiz
from course.quiz.questions import MultipleQuestion, NumericQuestion, Question, SingleQuestion
from course.quiz.record import ANSWERS_FILE, Answer, AnswersFile, QuizAnswers, Response, Sheet
from course.rules.read import COURSE_FILE, load_rules
from course.storage.json_file import write_json
from course.storage.yaml_lines import read_source

MARK = ".course-demo"  # only a folder that holds this is ever removed
WEEK = timedelta(days=7)
DUE = datetime(2026, 3, 9, 12, tzinfo=UTC)
NAMES = (
    *("Amina Okafor", "Bruno Keller", "Chiara Rossi", "Dewi Santoso", "Elif Yıldız", "Farid Haddad", "Greta Lind"),
    *("Hugo Marchand", "Ines Duarte", "Jonas Berg", "Keiko Mori", "Lucía Vega", "Mateusz Nowak", "Nadia Petrova"),
    *("Oscar Lund", "Priya Nair", "Quentin Dubois", "Rosa Jiménez", "Samir Aziz", "Tove Hansen", "Uma Rao"),
    *("Viktor Horák", "Wen Zhang", "Ximena Soto"),
)
HOSTILE = (  # {name}: of the exercise in whose place it stands
    "import os\nos._exit(0)",
    "import numpy as np\nnp.allclose = np.array_equal = lambda *a, **k: True\nprint(4.0)",
    "def {name}(*arguments):\n    return open('class/gradebook.db', 'rb').read()",
)


@dataclass(frozen=True)
class Sample:
    """What is the chapter's own in its class, from course/chapters/<module>/demo.yml; a chapter may have none.

    unclear, improve: what learners say in the form, "" for nothing. renamed: names that who copies changes.
    usual: whether its class is the one that is shown where no chapter is asked for.
    """

    unclear: Sequence[str] = ("",)
    improve: Sequence[str] = ("",)
    renamed: Mapping[str, str] = field(default_factory=dict)
    usual: bool = False


@dataclass(frozen=True)
class Student:
    """skill: probability of a right first answer; days: how long before the due date the work was handed in."""

    name: str
    skill: float
    days: float
    hostile: str = ""

    @property
    def login(self) -> str:
        return self.name.split()[0].lower()


def students_of(count: int, rng: random.Random) -> list[Student]:
    """Of every eight one is late, and of every twelve one is hostile; the others differ in what they understood."""
    invented = [NAMES[n % len(NAMES)] if n < len(NAMES) else f"Student{n} Example" for n in range(count)]
    students = [Student(name, rng.uniform(0.35, 0.98), rng.uniform(0.1, 4)) for name in invented]
    for number in range(3, count, 8):
        students[number] = replace(students[number], days=-rng.uniform(0.5, 2))
    for place, number in enumerate(range(5, count, 12)):
        students[number] = replace(students[number], hostile=HOSTILE[place % len(HOSTILE)])
    return students


def make_class(catalog: Catalog, folder: Path, slug: str, count: int, seed: int = 1) -> list[str]:
    """Fills folder with the course's sources and the submissions; returns who handed nothing in.

    UsageError where the chapter's wrong solutions are not at hand. An unfinished class is never left behind.
    """
    rng, due = random.Random(seed), due_date(catalog, slug)
    wrong, sample = wrong_solutions(catalog, slug), read_sample(catalog, slug)
    students = students_of(count, rng)
    missing = {student.login for student in students[7::12]}
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".demo-", dir=folder.parent) as name:
        course = Path(name) / "course"
        _copy_sources(catalog, course)
        for student in students:
            if student.login not in missing:
                work = course / "class" / "submitted" / student.login / slug
                handed_in = due - timedelta(days=student.days)
                _hand_in(catalog, slug, work, student, handed_in, wrong, sample, rng)
        present = [each for each in students if each.login not in missing]
        _work_together(course / "class" / "submitted", present, slug, sample)
        (course / MARK).touch()
        os.replace(course, folder)
    return [student.name for student in students if student.login in missing]


def due_date(catalog: Catalog, slug: str) -> datetime:
    """When the class had to hand in: as course.yml says, if it sets a day."""
    due = load_rules(catalog).chapter(slug).due
    return due.when if due and due.when else DUE


def remove_class(folder: Path) -> None:
    """Removes an earlier demo; UsageError for a folder that is none."""
    if folder.exists() and not (folder / MARK).is_file():
        raise UsageError(f"{folder} is there and was not made by this command. Choose another folder with --folder.")
    shutil.rmtree(folder, ignore_errors=True)


def enrol(class_folder: ClassFolder, slug: str, count: int, seed: int = 1) -> None:
    """Puts the class into the gradebook with names, also those who handed nothing in, and the day it was due."""
    from nbgrader.api import Gradebook

    with Gradebook(class_folder.course.db_url, class_folder.course.course_id) as gradebook:
        due = due_date(class_folder.catalog, slug).astimezone(UTC).replace(tzinfo=None)
        gradebook.update_or_create_assignment(slug, duedate=due)
        for student in students_of(count, random.Random(seed)):
            first, last = student.name.split(maxsplit=1)
            email = f"{student.login}@example.org"
            gradebook.update_or_create_student(student.login, first_name=first, last_name=last, email=email)


def usual_chapter(catalog: Catalog) -> str:
    """The slug of the chapter that is shown if none is asked for: the first, unless a demo.yml says `usual: true`."""
    slugs = [chapter.slug for chapter in catalog.chapters]
    return next((slug for slug in slugs if read_sample(catalog, slug).usual), slugs[0])


def read_sample(catalog: Catalog, slug: str) -> Sample:
    """What the chapter's demo.yml says. CourseError, with file and line, where it says what it should not."""
    path = CHAPTERS / catalog.chapter(slug).module / "demo.yml"
    if not path.is_file():
        return Sample()
    known = [each.name for each in fields(Sample)]
    data = read_source(path).data
    if not isinstance(data, dict) or not set(data) <= set(known):
        raise CourseError(f"{path}:1: this is no mapping of {', '.join(known)}. Make it one.")
    return Sample(**data)


def wrong_solutions(catalog: Catalog, slug: str) -> dict[str, dict[str, str]]:
    """By exercise and name of the mistake, those that the chapter's tests know by a misconception's name."""
    try:
        known = known_solutions(catalog, catalog.chapter(slug))
    except UsageError as error:
        raise UsageError(f"The demo takes its mistakes from the tests. {error}") from None
    return {
        exercise: {each.name: each.source for each in solutions if each.kind == "WRONG"}
        for exercise, solutions in known.items()
    }


def _copy_sources(catalog: Catalog, folder: Path) -> None:
    personal = shutil.ignore_patterns("answers*", "feedback*", ".*")
    for name in ("notebooks", "quizzes"):
        shutil.copytree(catalog.root / name, folder / name, ignore=personal)
    for name in ("nbgrader_config.py", COURSE_FILE):
        if (catalog.root / name).is_file():
            shutil.copy(catalog.root / name, folder)


def _hand_in(
    catalog: Catalog,
    slug: str,
    folder: Path,
    student: Student,
    handed_in: datetime,
    wrong: Mapping[str, Any],
    sample: Sample,
    rng: random.Random,
) -> None:
    folder.mkdir(parents=True)
    solutions = _solutions(catalog, slug, student, wrong, rng)
    for stem, notebook in release(catalog, slug).notebooks.items():
        for cell in notebook.cells:
            cell.source = solutions.get(grade_id(cell) or "", cell.source)
        nbformat.write(notebook, folder / f"{stem}.ipynb")
    (folder / "timestamp.txt").write_text(handed_in.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"))
    if catalog.quiz_file(slug).is_file():
        answers = _answers(load_quiz(slug, catalog), student, handed_in, rng)
        write_json(folder / ANSWERS_FILE, AnswersFile({slug: answers}).as_json())
    if rng.random() < 0.6:
        unclear, improve = rng.choice(sample.unclear), rng.choice(sample.improve)
        clear = rng.choice(("mostly", "mostly", "no")) if unclear else "yes"
        entry = new_entry(slug, "opinion", {"clear": clear, "unclear": unclear, "improve": improve})
        append_entry(folder, {**entry, "time": handed_in.isoformat(timespec="seconds")})


def _solutions(
    catalog: Catalog, slug: str, student: Student, wrong: Mapping[str, Any], rng: random.Random
) -> dict[str, str]:
    """What stands in the solution cells that this learner got to, by grade_id."""
    written: dict[str, str] = {}
    references = reference_cells(catalog, catalog.chapter(slug))
    for name, right in references.items():
        exercise, luck = name.removesuffix("-solution"), rng.random()
        if luck > student.skill + 0.5:
            continue  # not attempted
        mistakes = sorted(wrong.get(exercise, {}).values())
        written[name] = right if luck < student.skill or not mistakes else rng.choice(mistakes)
    if student.hostile and references:
        name = next(iter(written or references))
        written[name] = student.hostile.replace("{name}", name.removesuffix("-solution"))
    return written


def _work_together(submitted: Path, students: Sequence[Student], slug: str, sample: Sample) -> None:
    """The last hands in what the first wrote, with other names in it."""
    one, other = (submitted / student.login / slug / "exercises.ipynb" for student in (students[0], students[-1]))
    if one.is_file() and one != other:
        other.write_text(with_other_names(one.read_text(encoding="utf-8"), sample), encoding="utf-8")


def with_other_names(text: str, sample: Sample) -> str:
    """What who copies hands in: the same code, with other names in it."""
    for name, another in sample.renamed.items():
        text = re.sub(rf"\b{name}\b(?! *\()", another, text)
    return text


def _answers(quiz: Quiz, student: Student, handed_in: datetime, rng: random.Random) -> QuizAnswers:
    """Predictions, then first answers, and second thoughts on most of those that were wrong."""
    known, time = QuizAnswers(), handed_in - rng.random() * WEEK
    asked: list[tuple[Sheet, Question, float]] = [
        *(
            ("predictions", question, student.skill - 0.3)
            for question in quiz.questions
            if question.id in quiz.predictions
        ),
        *(("answers", question, student.skill) for question in quiz.questions),
    ]
    for sheet, question, skill in asked:
        for chance in (skill, skill + 0.4):
            time += timedelta(seconds=rng.randint(8, 90))
            response = _response(question, rng.random() < chance, rng)
            known = known.plus(sheet, question.id, Answer(min(time, handed_in), response))
            if sheet == "predictions" or question.credit(response) == 1 or rng.random() < 0.3:
                break
    return known


def _response(question: Question, right: bool, rng: random.Random) -> Response:
    """A right answer to a question of any kind, or a likely wrong one."""
    if isinstance(question, SingleQuestion):
        return rng.choice([option.id for option in question.options if option.correct == right])
    if isinstance(question, MultipleQuestion):
        correct = [option.id for option in question.options if option.correct]
        others = [option.id for option in question.options if not option.correct]
        return tuple(correct if right else [*correct[:-1], rng.choice(others or correct)])
    if isinstance(question, NumericQuestion):
        missed = [miss.value for miss in question.near_misses] or [question.value + 1]
        return f"{question.value if right else rng.choice(missed):g}"
    order = [item.id for item in question.items]
    return tuple(order if right else [order[1], order[0], *order[2:]])
