"""Fixtures that several test folders share: a course of one's own to break, and notebooks with solutions in them."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tests.session import ENGINE, ROOT  # first of all: it says which package `course` is

# isort: split
import course.grading  # before nbformat: it leaves out parsers that take a second of every process

# isort: split
import nbformat
import pytest
from hypothesis import HealthCheck, settings
from nbformat import NotebookNode
from nbgrader import api

from course.authoring.solutions import reference_cells
from course.catalog import Catalog, load_catalog
from course.exercises.registry import chapter_exercises
from course.grading.gradebook.database import newest_schema
from course.lessons import networks
from course.notebooks.release import release
from course.notebooks.restore import SOLUTION, grade_id
from tests.parts import MinutesByPart
from tests.remembered import remembered, remembered_epochs
from tests.selection import add_options, chosen_slugs, is_left_out
from tests.together import KeepTogether

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Nothing fails for taking long: other work on the machine may halt any call. The examples are the same in every run,
# so that a change fails for what it did; `pytest --hypothesis-profile=explore` looks for new ones.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("course", settings.get_profile("explore"), derandomize=True)
settings.load_profile("course")

SLUG = "2-4-dropout"
DROPOUT_ALONE = """# The course, in order. `module` names the package course/chapters/<module>.
title: Neural Networks with TensorFlow
sections:
  - title: Basics of Keras
    chapters: []
  - title: Regularization
    chapters:
      - slug: 2-4-dropout
        title: Dropout
        minutes: {lesson: 25, exercises: 60}
        module: dropout
  - title: Advanced Techniques
    chapters: []
"""
# nbgrader calls `alembic` by name, wherever a test opens a gradebook.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture(scope="session", autouse=True)
def _alembic_is_not_started() -> None:
    """nbgrader starts the program `alembic` for each new gradebook, and waits 2 seconds for the same answer."""
    api.get_alembic_version = newest_schema


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "en")
    monkeypatch.setenv("COURSE_ROOT", str(ROOT))  # wherever a test may wander
    monkeypatch.delenv("COURSE_GRADEBOOK", raising=False)  # no test writes into a gradebook of yours


@pytest.fixture
def catalog() -> Catalog:
    return load_catalog(ROOT)


@pytest.fixture
def course_copy(tmp_path: Path) -> Path:
    """A course folder of its own: sources and settings, no class and no workspace yet."""
    return copy_course(tmp_path / "course-copy")


def copy_course(target: Path) -> Path:
    """Sources and settings of a course of the Dropout chapter alone, however many there are."""
    personal = shutil.ignore_patterns("answers*", "feedback*", ".*")
    shutil.copytree(ROOT / "notebooks" / SLUG, target / "notebooks" / SLUG, ignore=personal)
    (target / "notebooks" / "contents.yml").write_text(DROPOUT_ALONE)
    (target / "quizzes").mkdir()
    for path in (ROOT / "quizzes").iterdir():
        if path.suffix != ".yml" or path.name.startswith(f"{SLUG}."):
            shutil.copy(path, target / "quizzes")
    shutil.copy(ROOT / "nbgrader_config.py", target)
    return target


def write_submission(folder: Path, solutions: dict[str, str], root: Path = ROOT) -> Path:
    """The notebooks released from root in folder, the solution cells named in solutions filled with those sources.

    The folder's name is the chapter's slug, as in class/submitted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stem, notebook in release(load_catalog(root), folder.name).notebooks.items():
        nbformat.write(filled(notebook, solutions), folder / f"{stem}.ipynb")
    return folder


def filled(notebook: NotebookNode, solutions: dict[str, str]) -> NotebookNode:
    for cell in notebook.cells:
        name = (grade_id(cell) or "").removesuffix("-solution")
        if name in solutions and cell.metadata.nbgrader.solution:
            cell.source = solutions[name]
    return notebook


def reference_solutions(slug: str = SLUG, root: Path = ROOT) -> dict[str, str]:
    """The solution cells' sources by name, from the source notebooks: the one place where solutions stand."""
    catalog = load_catalog(root)
    cells = reference_cells(catalog, catalog.chapter(slug))
    return {name.removesuffix(SOLUTION): source for name, source in cells.items()}


def exercise_points(slug: str = SLUG, root: Path = ROOT) -> dict[str, float]:
    """Points of the judged exercises by name, in order."""
    return {name: exercise.points for name, exercise in chapter_exercises(load_catalog(root).chapter(slug)).items()}


@pytest.fixture
def submission(tmp_path: Path) -> Callable[..., Path]:
    """submission(inverted_dropout="…source…") → a folder with the released notebooks, so filled in."""

    def make(**solutions: str) -> Path:
        return write_submission(tmp_path / "submission" / SLUG, solutions)

    return make


@pytest.fixture
def reference(submission: Callable[..., Path]) -> Path:
    return submission(**reference_solutions())


def environment(**extra: str) -> dict[str, str]:
    """For commands that tests run: as a user would, without what pytest or the shell has set for itself."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "PYTHONPATH", "COURSE_"))}
    return {**kept, "COURSE_LANG": "en", **extra}


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_xdist_auto_num_workers() -> int:
    """Of `-n auto`: two for each processor, as many tests wait for programs that they have started."""
    return 2 * (os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    assert str(ENGINE) in str(course.__file__), "The package course was imported before the tests could say which."
    networks.train_epochs = remembered_epochs(networks.train_epochs)
    networks.train = remembered(networks.train)  # before a chapter takes it from there; benchmarks train each time
    chosen_slugs(config, load_catalog(ROOT))  # says at once where there is no such chapter
    slugs = {chapter.module: chapter.slug for chapter in load_catalog(ROOT).chapters}
    workers = getattr(config.option, "numprocesses", None)  # of pytest-xdist, where it is used
    config.pluginmanager.register(MinutesByPart(slugs, workers or 1))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    return True if is_left_out(collection_path, config, load_catalog(ROOT)) else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    return KeepTogether(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `slug` is run for every chapter, or for those that --chapter names."""
    own = any("slug" in str(mark.args[0]) for mark in metafunc.definition.iter_markers("parametrize"))
    named = {"stem", "exercise", "solution"} & set(metafunc.fixturenames)  # tests/contract/conftest.py has these
    if "slug" in metafunc.fixturenames and not own and not named:
        metafunc.parametrize("slug", chosen_slugs(metafunc.config, load_catalog(ROOT)), scope="session")


@pytest.fixture(scope="session")
def installed() -> Path:
    """The folder of an environment in which nothing but the course's wheel was installed."""
    from tests.installed import installed_environment

    return installed_environment()


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One Chromium for all tests that need one: here, as there can be only one Playwright in a process."""
    from playwright.sync_api import sync_playwright

    from tests.platform.browser.conftest import FLAGS
    from tests.system import HINT, chromium

    path = chromium()
    if path is None:
        pytest.fail(HINT)
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield instance
        instance.close()
