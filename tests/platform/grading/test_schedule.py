"""A class graded at once: every submission ends in a row, nothing is graded twice, one fault costs one row."""

import pickle
import pickletools
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook

from course.catalog import Catalog, load_catalog
from course.errors import UsageError
from course.grading import fingerprint
from course.grading.gradebook.store import ClassFolder
from course.grading.run import unjudged
from course.grading.schedule import Plan, Row, grade_class
from course.grading.task import Graded, as_graded, content_key, grade_files, pack
from course.notebooks import release
from tests.platform.tiny import SLUG, WRONG, exercise_points, reference_solutions, write_submission

STUDENTS = ("ada", "ben", "cleo")


@pytest.fixture
def class_course(course_copy: Path) -> Path:
    right = {"standardise": reference_solutions()["standardise"]}
    wrong = {"standardise": WRONG["standardise"]["no_rescale"]}
    for student, solutions in zip(STUDENTS, (right, wrong, {}), strict=True):
        write_submission(course_copy / "class" / "submitted" / student / SLUG, solutions)
    return course_copy


def grade(root: Path, students: Sequence[str] = (), **plan: object) -> dict[str, Row]:
    catalog = load_catalog(root)
    class_folder = ClassFolder(catalog)
    submissions = {
        name: path for name, path in class_folder.submitted(SLUG).items() if not students or name in students
    }
    chosen = Plan(SLUG, submissions, "sandbox", **plan)  # type: ignore[arg-type]
    return {row.student: row for row in grade_class(catalog, class_folder, chosen)}


def gradebook_scores(root: Path) -> dict[str, float]:
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(SLUG)}


def gradebook_waits(root: Path) -> dict[str, bool]:
    """Whether a person has yet to look at an exercise, by student."""
    with Gradebook(f"sqlite:///{root}/class/gradebook.db", "neural-networks") as gradebook:
        return {
            submission.student.id: gradebook.find_grade(
                "standardise", "exercises", SLUG, submission.student.id
            ).needs_manual_grade
            for submission in gradebook.assignment_submissions(SLUG)
        }


def test_more_than_cores_begin_once_one_of_those_is_done(class_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the first row comes as soon as it can."""
    begun: list[str] = []
    went_on: list[bool] = []

    def first_is_slow(slug: str, files: object, *_others: object) -> Graded:
        begun.append(slug)
        if len(begun) == 1:
            went_on.append(another.wait(0.3))
        else:
            another.set()
        return as_graded(unjudged(load_catalog(class_course), slug, "Not looked at."))

    another = threading.Event()
    monkeypatch.setattr("course.grading.schedule.os.cpu_count", lambda: 1)
    monkeypatch.setattr("course.grading.schedule.grade_files", first_is_slow)
    assert len(grade(class_course, workers=3)) == 3
    assert went_on == [False]
    assert len(begun) == 3


def test_two_workers_grade_as_one_does_and_nothing_is_graded_twice(class_course: Path) -> None:
    rows = grade(class_course, workers=2)
    scores = {student: row.result["score"] for student, row in rows.items()}
    assert scores == gradebook_scores(class_course)
    assert scores["ada"] == 4
    assert 0 < scores["ben"] < 4
    assert scores["cleo"] == 0
    again = grade(class_course, workers=2)
    assert all(row.unchanged for row in again.values())
    assert {s: r.result for s, r in again.items()} == {s: r.result for s, r in rows.items()}

    shutil.rmtree(class_course / "class" / "submitted" / "cleo")
    right = {"standardise": reference_solutions()["standardise"]}
    write_submission(class_course / "class" / "submitted" / "cleo" / SLUG, right)
    resubmitted = grade(class_course)
    assert [s for s, row in resubmitted.items() if not row.unchanged] == ["cleo"]
    assert gradebook_scores(class_course)["cleo"] == 4

    judged = class_course / "class" / "autograded" / "ben" / SLUG / "exercises.ipynb"
    before = judged.stat().st_mtime_ns
    alone = grade(class_course, students=["ada"], again=True)
    assert {student: row.unchanged for student, row in alone.items()} == {"ada": False}
    assert judged.stat().st_mtime_ns == before
    assert gradebook_scores(class_course) == {**scores, "cleo": 4}

    (class_course / "class" / "gradebook.db").unlink()
    lost = grade(class_course)
    assert not any(row.unchanged for row in lost.values())
    assert gradebook_scores(class_course) == {**scores, "cleo": 4}


def test_one_fault_of_ours_costs_one_row_and_no_zero(class_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = ClassFolder.store

    def failing(self: ClassFolder, slug: str, student: str, *rest: Any) -> dict[str, Any]:
        if student == "ben":
            raise OSError(28, "No space left on device")
        return store(self, slug, student, *rest)

    monkeypatch.setattr(ClassFolder, "store", failing)
    rows = grade(class_course)
    assert rows["ben"].result["status"] == "needs attention"
    assert "No space left on device" in rows["ben"].result["reason"]
    assert gradebook_waits(class_course) == {"ada": False, "ben": True, "cleo": False}
    assert gradebook_scores(class_course)["ada"] == 4
    monkeypatch.undo()
    mended = grade(class_course)
    assert [student for student, row in mended.items() if not row.unchanged] == ["ben"]


def test_a_run_that_was_stopped_goes_on_where_it_was(class_course: Path) -> None:
    catalog = load_catalog(class_course)
    class_folder = ClassFolder(catalog)
    rows = grade_class(catalog, class_folder, Plan(SLUG, class_folder.submitted(SLUG), "sandbox"))
    first = next(rows)
    rows.close()
    rest = grade(class_course)
    assert [student for student, row in rest.items() if row.unchanged] == [first.student]
    assert set(rest) == set(STUDENTS)


def test_an_odd_folder_ends_in_a_row(course_copy: Path) -> None:
    folder = course_copy / "class" / "submitted" / "dora" / SLUG
    folder.mkdir(parents=True)
    (folder / "exercises.ipynb").write_bytes(b"\xff\xfe{\x00}\x00")
    rows = grade(course_copy)
    assert rows["dora"].result["status"] == "needs attention"
    assert "exercises.ipynb cannot be read" in rows["dora"].result["reason"]


def test_the_key_follows_content_and_not_times_or_hidden_files(catalog: Catalog, class_course: Path) -> None:
    folder = class_course / "class" / "submitted" / "ada" / SLUG
    key = content_key(catalog, SLUG, pack(folder))
    (folder / ".hidden").write_text("x")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "lesson.ipynb").touch()
    assert content_key(catalog, SLUG, pack(folder)) == key
    notebook = nbformat.read(folder / "exercises.ipynb", as_version=4)
    notebook.cells[0].source += "!"
    nbformat.write(notebook, folder / "exercises.ipynb")
    assert content_key(catalog, SLUG, pack(folder)) != key


def test_the_key_knows_what_a_grade_depends_on_and_nothing_else(
    class_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog, files = load_catalog(class_course), pack(class_course / "class" / "submitted" / "ada" / SLUG)

    def key() -> str:
        fingerprint._fingerprint.cache_clear()
        release._grading_template.cache_clear()
        return content_key(catalog, SLUG, files)

    before = key()
    assert content_key(catalog, SLUG, {**files, "timestamp.txt": b"2030-01-01 10:00:00 UTC"}) == before
    assert content_key(catalog, SLUG, {**files, "answers.json": b"{}"}) != before
    monkeypatch.setenv("COURSE_LANG", "es")
    assert key() != before
    monkeypatch.setenv("COURSE_LANG", "en")
    config = class_course / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    assert key() == before
    settings = config.read_text()
    config.write_text(settings.replace("# YOUR CODE HERE", "# YOUR OWN CODE HERE"))  # what acts on notebooks
    assert key() != before
    config.write_text(settings)
    assert key() == before
    notebook = class_course / "notebooks" / SLUG / "exercises.ipynb"
    notebook.write_text(notebook.read_text().replace('"points": 2', '"points": 1', 1))
    assert key() != before


def test_words_of_the_language_of_grading_count_and_no_others(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found is stored in words, so new words are worth another grading: only to who reads them."""
    monkeypatch.setenv("COURSE_LANG", "en")
    english, parts = set(fingerprint.sources(catalog, SLUG)), fingerprint.fingerprint_parts(catalog, SLUG)
    monkeypatch.setenv("COURSE_LANG", "es")
    spanish = set(fingerprint.sources(catalog, SLUG))
    words = {"locale/es/LC_MESSAGES/course.mo", f"quizzes/{SLUG}.es.yml", "chapters/tiny/misconceptions.es.yml"}
    assert (spanish - english, english - spanish) == (words, set())
    assert fingerprint.fingerprint_parts(catalog, SLUG) == parts  # words are no reason for other points


def test_what_decides_is_found_by_imports_and_what_only_shows_is_not(catalog: Catalog) -> None:
    found = set(fingerprint.sources(catalog, SLUG))
    assert {
        "verdict.py",
        "exercises/base.py",
        "grading/judging.py",
        "quiz/scoring.py",
        "grading/sandbox/client.py",
    } <= found
    assert {
        "grading/sandbox/keeper.py",
        "grading/sandbox/wire.py",
        "notebooks/release.py",
        f"quizzes/{SLUG}.yml",
        "chapters/tiny/misconceptions.yml",
    } <= found
    assert {f"chapters/tiny/judges/{name}.py" for name in exercise_points()} <= found
    others = (
        "report/",
        "cli/",
        "authoring/",
        "notebooks/workspace.py",
        "lessons/picture.py",
        "chapters/tiny/lesson.py",
    )
    others += tuple(f"grading/{name}" for name in ("intake", "gradebook", "display.py", "cluster.py"))
    assert not [name for name in found if name.startswith(others)]
    assert {name.split("/")[1] for name in found if name.startswith("chapters/")} <= {"tiny", "__init__.py"}


def test_a_scheduler_that_does_not_answer_is_told(class_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("course.grading.cluster.CONNECT_SECONDS", 1)
    with pytest.raises(UsageError, match="No Dask scheduler answers"):
        grade(class_course, scheduler="tcp://127.0.0.1:9")


def test_what_travels_is_plain_data(class_course: Path) -> None:
    """Pickles between coordinator and workers name no class but ours: nothing that a learner's code has made."""
    files = pack(class_course / "class" / "submitted" / "ben" / SLUG)
    graded = grade_files(SLUG, files, "sandbox", class_course)
    assert graded.row["cells"]["standardise"]["misconceptions"] == ["no_rescale"]
    assert classes_in(pickle.dumps(files)) == set()
    assert classes_in(pickle.dumps(graded)) == {"Graded"}


def classes_in(pickled: bytes) -> set[str]:
    """Names of what a pickle would import."""
    found, texts = set(), [""]
    for opcode, argument, _position in pickletools.genops(pickled):
        if opcode.name in {"GLOBAL", "STACK_GLOBAL"}:
            found.add(argument or texts[-1])
        elif "UNICODE" in opcode.name:
            texts.append(argument)
    return found
