"""The figures that a lesson moves: each describes itself, follows its controls, and loads nothing heavy."""

import importlib
import re
import subprocess
import sys

import nbformat
import pytest

from course.catalog import Catalog, Chapter
from course.lessons.explorer import Explorer
from tests.lesson_run import caption
from tests.session import ENGINE


@pytest.fixture
def explorers(slug: str, catalog: Catalog, chapter: Chapter) -> dict[str, Explorer]:
    """The figures that some notebook shows by a cell that only calls it."""
    notebooks = [nbformat.read(path, as_version=4) for path in catalog.notebooks_folder(slug).glob("*.ipynb")]
    cells = [cell.source for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"]
    names = [match[1] for source in cells if (match := re.fullmatch(r"lesson\.(\w+)\(\)", source))]
    lesson = importlib.import_module(f"course.chapters.{chapter.module}.lesson")
    made = {name: getattr(lesson, name)() for name in names if not name.startswith("keep_")}
    return {name: figure for name, figure in made.items() if isinstance(figure, Explorer)}


def test_each_describes_itself_in_one_line_and_labels_every_control(explorers: dict[str, Explorer]) -> None:
    for name, figure in explorers.items():
        assert 30 < len(repr(figure)) < 110, name
        assert all(control.description for control in figure.controls.values()), name
        assert 'role="status" aria-live="polite"' in figure.view.value, name
        assert figure.view.value.count("<img alt=") == 1, name


def test_every_end_of_every_control_draws(explorers: dict[str, Explorer]) -> None:
    for name, figure in explorers.items():
        for control in figure.controls.values():
            options = getattr(control, "options", None)
            ends = [control.min, control.max] if options is None else [options[0][1], options[-1][1]]
            for value in ends:
                control.value = value
                assert "<img" in figure.view.value, name
                assert "nan" not in caption(figure), name
                assert not re.search(r"−0\s?%", caption(figure)), name
                assert not re.search(r"(?<!\w)-\d", caption(figure)), name  # a hyphen for a minus


def test_every_button_leads_to_another_picture(explorers: dict[str, Explorer]) -> None:
    for name, figure in explorers.items():
        for button in figure.buttons.values():
            before = figure.view.value
            button.click()
            assert figure.view.value != before, name


def test_importing_the_lesson_loads_neither_tensorflow_nor_pyplot(chapter: Chapter) -> None:
    heavy = ("tensorflow", "keras", "matplotlib.pyplot", "sklearn")
    script = f"import sys; from course.chapters.{chapter.module} import lesson; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ENGINE, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & set(heavy)
    assert done.stderr == ""
