"""Grading speaks one language: the one that course.yml sets for the chapter, or for the course, in all that it says.
A learner's own commands speak the learner's."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from course.notebooks.breadcrumbs import CONTENTS_PAGE
from course.notebooks.release import nbgrader_settings
from course.rules.read import COURSE_FILE
from tests.platform.grading.handed_in import NOTEBOOK, packed
from tests.platform.grading.test_stock_nbgrader import command
from tests.platform.test_cli import course
from tests.platform.tiny import RIGHT, SLUG, TINY, WRONG, reference_solutions, write_submission

SPANISH = ("language: es\n", f"language: en\nchapters: {{{SLUG}: {{language: es}}}}\n")
DUE = f"chapters: {{{SLUG}: {{due: 2030-05-01 18:00 UTC, language: es}}}}\nlate: {{percent: 25, per: day}}\n"
# words of English that stand in no Spanish sentence; what is quoted, and paths, are taken out before
ENGLISH = re.compile(
    r"\b(the|is|are|was|were|and|of|not|there|this|that|it|its|with|for|be|in|on|submissions?|graded|unchanged|points|"
    r"written|seconds|minute|left|learners?|cell|missing)\b",
    re.IGNORECASE,
)


def set_rules(root: Path, text: str) -> None:
    (root / COURSE_FILE).write_text(text)


def work(root: Path, student: str, **solutions: str) -> Path:
    return write_submission(root / "class" / "submitted" / student / SLUG, solutions, root)


@pytest.mark.parametrize("rules", SPANISH)
def test_feedback_and_report_are_in_the_language_that_is_set(course_copy: Path, tmp_path: Path, rules: str) -> None:
    work(course_copy, "ada", **reference_solutions())
    set_rules(course_copy, rules)
    by_nbgrader = Path(shutil.copytree(course_copy, tmp_path / "by-nbgrader"))
    command(course_copy, "course", "grade", SLUG, "ada", "--json", "results.json")
    command(by_nbgrader, "nbgrader", "autograde", SLUG, "--student", "ada", "--create")
    for root in (course_copy, by_nbgrader):
        command(root, "nbgrader", "generate_feedback", SLUG, "--student", "ada")
        page = (root / "class" / "feedback" / "ada" / SLUG / "exercises.html").read_text()
        assert '<html lang="es">' in page
        assert "Lo que salió bien" in page
        assert "What was checked" not in page
    command(course_copy, "course", "report", SLUG)
    assert '<html lang="es">' in (course_copy / "class" / "reports" / SLUG / "report.html").read_text()


def test_what_was_found_is_written_anew_once_another_language_is_set(course_copy: Path) -> None:
    work(course_copy, "ada", standardise=WRONG["standardise"]["no_rescale"])
    for rules, says in (
        ("language: en\n", "The values are centred and keep"),
        (SPANISH[1], "Los valores se centran y"),
    ):
        set_rules(course_copy, rules)
        command(course_copy, "course", "grade", SLUG, "ada", "--json", "results.json")
        assert says in (course_copy / "results.json").read_text()


def test_a_server_that_lives_on_speaks_the_language_of_now_in_the_sandbox_too(course_copy: Path) -> None:
    """Formgrader grades one chapter after another in one process, whose sandbox began in the first one's language."""
    work(course_copy, "ada", standardise="def standardise(x, shift):\n    raise ValueError('mine')")
    api = NbGraderAPI(config=Config(nbgrader_settings(course_copy)))
    judged = course_copy / "class" / "autograded" / "ada" / SLUG / "exercises.ipynb"
    for rules, says in (("language: en\n", "raised ValueError"), (SPANISH[1], "lanzó ValueError")):
        set_rules(course_copy, rules)
        assert api.autograde(SLUG, "ada", force=True)["success"]
        assert says in judged.read_text()


def english_in(run: subprocess.CompletedProcess[str], root: Path) -> list[str]:
    """The lines with words of English, without paths, what is quoted, and the codes of JSON."""
    assert "Traceback" not in run.stderr
    lines = (run.stdout + run.stderr).replace(str(root), "").splitlines()
    plain = [re.sub(r"`[^`]+`|'[^']*'|\S*/\S*|--\w+ \w+|\w+\.(?:yml|py|txt|ipynb)", " ", line) for line in lines]
    return [line for line in plain if ENGLISH.search(line)]


def test_all_that_grading_says_is_in_one_language(course_copy: Path) -> None:
    set_rules(course_copy, DUE)
    right = reference_solutions()
    for student, solutions in {"ada": right, "ben": {}, "dan": right, "eva": right, "fay": right, "gil": right}.items():
        work(course_copy, student, **solutions)
    folders = {name: course_copy / "class" / "submitted" / name / SLUG for name in ("ada", "ben", "dan", "eva", "fay")}
    (folders["ada"] / "timestamp.txt").write_text("2030-05-02 09:00 UTC")
    (folders["ben"] / "exercises.ipynb").unlink()
    (folders["dan"] / "timestamp.txt").write_text("mañana")
    (folders["eva"] / "timestamp.txt").write_text("2030-05-01 09:00 +0200")
    (folders["fay"] / "lesson.ipynb").write_text("{")
    first = course("grade", SLUG, "--json", "rows.json", cwd=course_copy)
    assert first.returncode == 1
    assert "ada: calificada, 8 de 13 por ahora, menos 2 por entregar tarde." in first.stderr
    assert "6 entregas (" in first.stderr
    assert "no dice cuándo se entregó el trabajo, sino 'mañana'" in first.stderr
    assert english_in(first, course_copy) == []
    (folders["ada"] / "timestamp.txt").unlink()
    with Gradebook(f"sqlite:///{course_copy}/class/gradebook.db", "neural-networks") as book:
        book.find_grade("explain_scaling", "exercises", SLUG, "gil").manual_score = 2
        book.find_assignment(SLUG).duedate = None
        book.db.commit()
    set_rules(course_copy, DUE.replace("18:00", "17:00"))
    again = course("grade", SLUG, cwd=course_copy)
    assert "(sin cambios)" in again.stderr
    assert "La hora que tenía el libro de notas, 2030-05-02 09:00 UTC, era la de un trabajo anterior" in again.stderr
    assert "Cambiaron los puntos de 2 estudiantes" in again.stderr
    assert english_in(again, course_copy) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((SLUG, "nadie"), "No hay ninguna entrega de 2-1-tiny de nadie en class/submitted/."),
        ((SLUG, "--isolation", "glass"), "No hay ningún aislamiento 'glass'. Elige sandbox o none."),
        ((SLUG, "--scheduler", "tcp://localhost:9"), "Ningún planificador de Dask responde en tcp://localhost:9."),
        ((SLUG, "--json", "no/where.json"), "No se puede escribir no/where.json"),
    ],
)
def test_what_cannot_be_done_is_said_in_it_as_well(course_copy: Path, arguments: tuple[str, ...], says: str) -> None:
    set_rules(course_copy, DUE)
    work(course_copy, "ada")
    run = course("grade", *arguments, cwd=course_copy)
    assert run.returncode != 0
    assert says in run.stderr
    assert english_in(run, course_copy) in (
        [],
        [line for line in english_in(run, course_copy) if "No such file" in line],
    )


def test_collecting_speaks_it_too(course_copy: Path, tmp_path: Path) -> None:
    set_rules(course_copy, DUE)
    files = {f"{name}_LATE_1{name}_9_exercises.ipynb": NOTEBOOK for name in ("123", "456")}
    files |= {f"learner{number}_{number}_9_exercises.ipynb": NOTEBOOK for number in range(3)}
    files |= {"learner1_LATE_1_10_exercises-1.ipynb": NOTEBOOK + b" ", "learner2_2_9_work.zip": b"7z\xbc\xaf\x27\x1c"}
    files |= {"learner2_2_9_timestamp.txt": b"", "learner2_2_9_.hidden.ipynb": NOTEBOOK, "learner2_2_9_text.html": b""}
    files |= {"a": b"", "learner0_0_9_notes.zip": b"PK", "learner4_4_9_notes.pdf": b""}
    source = packed(tmp_path / "x.zip", {name.replace("LATE_1123", "LATE_1"): text for name, text in files.items()})
    first = course("collect", str(source), SLUG, cwd=course_copy)
    assert first.returncode == 1
    assert "Entregas (nueva: " in first.stderr
    assert english_in(first, course_copy) == []
    for content in (b"1", b"2"):
        packed(source, {"learner0_0_9_exercises.ipynb": content, "learner1_1_9_my.ipynb": content})
        run = course("collect", str(source), SLUG, cwd=course_copy)
        assert "sustituida" in run.stderr
        assert english_in(run, course_copy) == []
    run = course("collect", str(tmp_path / "nothing"), SLUG, cwd=course_copy)
    assert english_in(run, tmp_path) == []


def test_a_demo_speaks_the_language_that_is_set(tmp_path: Path) -> None:
    root = Path(shutil.copytree(TINY, tmp_path / "course", ignore=shutil.ignore_patterns("class", ".*")))
    set_rules(root, DUE)
    run = course("demo", "--no-browser", "--folder", str(root / "demo"), "--students", "6", cwd=root)
    assert run.returncode == 0, run.stderr
    assert "Creando una clase de 6" in run.stderr
    assert english_in(run, root) == []


def in_spanish(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What a learner gets from a command whose system, or COURSE_LANG, is Spanish."""
    return course(*arguments, cwd=cwd, COURSE_LANG="es")


def test_checking_ones_own_work_speaks_the_learners_language(course_copy: Path) -> None:
    broken = {name: f"def {name}(*given):\n    raise ValueError" for name in RIGHT}
    folder = write_submission(course_copy / "workspace" / SLUG, broken, course_copy)
    (folder / "lesson.ipynb").unlink()
    run = in_spanish("check", SLUG, cwd=course_copy)
    for told in ("standardise lanzó ValueError", "Ejercicio", "Puntos", "Resultado", "En total", "calificada en parte"):
        assert told in run.stdout
    assert "El resultado está en" in run.stderr
    inputs = "Se probó:"  # of the tiny chapter, which has no Spanish of its own
    assert [line for line in english_in(run, course_copy) if inputs not in line] == []
    assert english_in(in_spanish("progress", cwd=course_copy), course_copy) == []


def test_points_have_a_decimal_comma_where_a_learner_reads_them(course_copy: Path) -> None:
    set_rules(course_copy, f"chapters: {{{SLUG}: {{exercises: {{standardise: {{points: 4.5}}}}}}}}\n")
    folder = write_submission(course_copy / "workspace" / SLUG, reference_solutions(), course_copy)
    run = in_spanish("check", SLUG, cwd=course_copy)
    assert "4,5 / 4,5" in run.stdout
    assert "4.5" not in run.stdout + (folder / "feedback.html").read_text()


def test_a_workspace_is_laid_out_in_the_language_that_is_asked_for(course_copy: Path) -> None:
    run = course("lab", "--lang", "es", "--port", "99999", cwd=course_copy)
    assert "99999 no es un puerto; elige uno de 1 a 65535." in run.stderr
    page = (course_copy / "workspace" / CONTENTS_PAGE).read_text()
    assert "Empieza aquí" in page
    assert "Start here" not in page


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("check", "9-9-nada"), "No hay ningún capítulo '9-9-nada'."),
        (("check", SLUG), "No existe la carpeta"),
        (("check", SLUG, "--from", "quizzes"), "quizzes no contiene cuadernos de 2-1-tiny."),
        (("progress",), "Ejecuta primero `course lab`"),
        (("lab", "--port", "99999"), "99999 no es un puerto"),
        (("report", SLUG), "No hay entregas de 2-1-tiny en class/submitted/ESTUDIANTE/2-1-tiny/."),
        (("roster", "no/where.csv"), "No se puede leer no/where.csv"),
        (("demo", "--no-browser", "--fresh", "--folder", "notebooks"), "ya existe y no la creó esta orden."),
    ],
)
def test_misuse_is_told_in_it(course_copy: Path, arguments: tuple[str, ...], says: str) -> None:
    run = in_spanish(*arguments, cwd=course_copy)
    assert run.returncode != 0
    assert says in " ".join(run.stderr.split())
    assert [line for line in english_in(run, course_copy) if "No such file" not in line] == []


def test_the_faults_of_course_yml_are_told_in_it(course_copy: Path) -> None:
    work(course_copy, "ada")
    for rules, says in FAULTS_IN_SPANISH.items():
        set_rules(course_copy, rules)
        run = in_spanish("grade", SLUG, cwd=course_copy)
        assert run.returncode == 2
        assert says in run.stderr
        assert english_in(run, course_copy) == []


FAULTS_IN_SPANISH = {
    "due: soon\n": "'due' no es ningún campo aquí",
    "late: {percent: many, per: day}\n": "'percent' debe ser un número, no 'many'.",
    "late: {percent: 200, per: day}\n": "'percent' debe ser como mucho 100, no 200.",
    "late: {percent: 20, per: week}\n": "'per' debe ser 'day' o 'hour', no 'week'.",
    "late: {percent: 20}\n": "falta 'per'; añádelo.",
    "quiz: {attempts: 99}\n": "debe ser un número entero de 1 a 20, o la palabra any",
    "language: xx\n": "'language' debe ser uno de estos: en, es; no 'xx'.",
    "chapters: {2-1-tyni: {}}\n": "no hay ningún capítulo '2-1-tyni'. ¿Querías decir 2-1-tiny?",
    f"chapters: {{{SLUG}: {{due: 2030-05-01}}}}\n": "la fecha límite 2030-05-01 no tiene hora.",
    f"chapters: {{{SLUG}: {{due: 2030-05-01 18:00}}}}\n": "¿en qué zona horaria es 2030-05-01 18:00?",
    f"chapters: {{{SLUG}: {{due: 2030-05-01 18:00 Madrid}}}}\n": "¿Querías decir Europe/Madrid?",
    f"chapters: {{{SLUG}: {{due: mañana}}}}\n": "'mañana' no es una fecha límite.",
    f"chapters: {{{SLUG}: {{exercises: {{nada: {{points: 1}}}}}}}}\n": "2-1-tiny no tiene ningún ejercicio 'nada'.",
    f"chapters:\n  {SLUG}: {{}}\n  {SLUG}: {{}}\n": "'2-1-tiny' está aquí dos veces; deja solo una.",
    "- late\n": "debe contener ajustes con su nombre, como 'chapters:'.",
}


@pytest.mark.parametrize("rules", ["", "language: es\n"])
def test_a_class_list_and_a_report_are_told_of_in_one_language(course_copy: Path, rules: str) -> None:
    set_rules(course_copy, rules)
    lists = ("id,first name,last name\nada,Ada,Lind\n,Bo,Berg\ncem,Cem,Ay\n", "id,last name\ncem,Ayaz\n")
    for text in lists:
        (course_copy / "list.csv").write_text(text)
        run = course("roster", "list.csv", cwd=course_copy, **({} if rules else {"COURSE_LANG": "es"}))
        assert "líneas no usadas" in run.stderr
        assert english_in(run, course_copy) == []
    work(course_copy, "ada")
    run = course("report", SLUG, cwd=course_copy, **({} if rules else {"COURSE_LANG": "es"}))
    assert "El informe está en" in run.stderr
    assert english_in(run, course_copy) == []
