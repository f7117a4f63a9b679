"""What DESIGN promises about imports: light at the door, and pointing one way."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, environment

HEAVY = ("tensorflow", "keras", "matplotlib", "nbgrader", "ipywidgets", "numpy", "pydantic", "IPython")
LEVELS = [
    {"errors", "language", "keras_loading", "maths", "plain_text"},
    {"locale", "storage"},
    {"catalog", "verdict"},
    {"rules"},
    {"lessons"},
    {"exercises", "quiz"},
    {"forms"},
    {"chapters"},
    {"notebooks"},
    {"grading"},
    {"authoring", "lab", "report"},
    {"cli"},
    {"__main__"},
]
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}


def imported_with(statement: str) -> set[str]:
    program = f"import sys; {statement}; print(*sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment(), capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(run.stdout.split())


def test_importing_the_course_loads_nothing_heavy() -> None:
    assert not imported_with("import course") & set(HEAVY)


@pytest.mark.parametrize(
    "statement",
    [
        "from course.quiz.widget import show_quiz; show_quiz('2-4-dropout')",
        "from course.forms.feedback_form import show_form",
        "from course.chapters.dropout import lesson; lesson.staffing_simulator()",
        "from course.exercises.check import check_candidate; check_candidate('inverted_dropout', {}, 1)",
        "import course.cli",
    ],
)
def test_nothing_but_keras_work_loads_tensorflow(statement: str) -> None:
    assert not imported_with(statement) & {"tensorflow", "keras"}


def test_asking_for_a_model_answer_in_a_class_loads_no_grading_tools() -> None:
    """Each kernel that grades does, and would pay for them with a sixth of what its submission takes."""
    assert not imported_with("import course.notebooks.model_answer") & {"nbformat", "nbgrader"}


def course_imports(path: Path) -> set[str]:
    """Parts of the course (the first name after `course.`) that a module imports anywhere."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("course."):
            found.add((node.module or "").split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("course.")}
    return found


def test_imports_point_one_way() -> None:
    wrong = []
    for path in sorted((ROOT / "course").rglob("*.py")):
        part = path.relative_to(ROOT / "course").parts[0].removesuffix(".py")
        if part == "__init__":
            continue
        wrong += [
            f"{path.name} imports {other}"
            for other in course_imports(path)
            if other != part and LEVEL[other] >= LEVEL[part]
        ]
    assert wrong == []


def test_nothing_but_the_catalog_imports_a_chapter() -> None:
    importers = {
        path.name
        for path in (ROOT / "course").rglob("*.py")
        if "chapters" not in path.parts and "chapters" in course_imports(path)
    }
    assert importers == set()


def test_judges_import_no_keras() -> None:
    statement = "import course.chapters.dropout.judges"
    assert not imported_with(statement) & {"tensorflow", "keras", "IPython"}


def test_files_stay_readable() -> None:
    long = [p.name for p in (ROOT / "course").rglob("*.py") if len(p.read_text().splitlines()) > 400]
    assert long == []


def test_lessons_draw_without_tensorflow_and_without_pyplot() -> None:
    modules = [f"course.lessons.{path.stem}" for path in sorted((ROOT / "course" / "lessons").glob("*.py"))]
    loaded = imported_with(f"import {', '.join(modules)}")
    assert not loaded & {"tensorflow", "keras", "matplotlib.pyplot"}


def test_functions_stay_short() -> None:
    """Those of a chapter may hold its data, such as a list of cards."""
    long = []
    for path in sorted((ROOT / "course").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())) if "chapters" not in path.parts else ():
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if is_function and (node.end_lineno or 0) - node.lineno >= 40:
                long.append(f"{path.name}: {node.name}")
    assert long == []
