"""The lesson as a file that people keep in git, and as a notebook that runs from top to bottom."""

from __future__ import annotations

import re
import subprocess
import sys

import nbformat
import pytest

from course.catalog import course_root
from course.notebooks.release import release
from tests.conftest import SLUG

SPINE_AND_ORDER = [
    "Dropout",
    "Predict first",
    "What dropout is worth",
    "What dropout is",
    "The company",
    "Impact: less overfitting, robust features",
    "Inside the network",
    "Dropout in Keras",
    "Choosing a rate",
    "When not to use it",
    "In short",
    "Your predictions, again",
    "Two questions",
    "Where next?",
    "Was everything clear?",
]


def headings(notebook: nbformat.NotebookNode, level: str = "##?") -> list[str]:
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return re.findall(rf"^{level} (.+)$", text, flags=re.MULTILINE)


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_sections_stand_in_the_planned_order_and_each_heading_is_a_unique_anchor(lesson_source):
    assert headings(lesson_source) == SPINE_AND_ORDER
    every = headings(lesson_source, "#+")
    assert len(set(every)) == len(every)


def test_begins_with_its_title_and_is_released_with_a_breadcrumb(lesson_source, catalog):
    assert lesson_source.cells[0].source.startswith("# Dropout\n")
    first = release(catalog, SLUG).notebooks["lesson"].cells[0].source
    assert "Section 2. Chapter 4" in first
    assert "previous: [" in first  # the contents, or a chapter before it
    assert "next: [Exercises](exercises.ipynb)" in first


def test_the_breadcrumb_names_topics_in_the_learners_language(catalog, monkeypatch):
    monkeypatch.setenv("COURSE_LANG", "es")
    first = {stem: notebook.cells[0].source for stem, notebook in release(catalog, SLUG).notebooks.items()}
    assert "siguiente: [Mecanismo](deeper-mechanism.ipynb) (opcional)" in first["exercises"]
    assert "**Práctica**" in first["deeper-practice"]
    assert "siguiente: [Teoría](deeper-theory.ipynb)" in first["deeper-practice"]


def test_keras_is_built_compiled_and_fitted_in_sight(lesson_source):
    code = {cell.id: cell.source for cell in code_cells(lesson_source)}
    for told in ("model.compile(optimizer=", "model.fit(", '"verbose": 0'):
        assert told in code["keras-fit"]
    assert "keras.Sequential" in code["keras-build"]
    assert not any("keras" in source for cell_id, source in code.items() if cell_id in ("setup", "benefit-run"))


def test_the_mask_is_made_in_visible_numpy(lesson_source):
    (source,) = (cell.source for cell in lesson_source.cells if cell.id == "one-mask")
    for line in ("keep = rng.random(h.shape) >= rate", "mask = keep / (1 - rate)", "h * mask"):
        assert line in source


def test_predictions_are_asked_again_before_the_graded_questions_and_no_answer_is_printed(lesson_source):
    cells = {cell.id: cell.source for cell in lesson_source.cells}
    order = list(cells)
    assert cells["predictions"] == 'quiz("2-4-dropout", part="predictions")'
    assert cells["predictions-again-run"] == 'quiz("2-4-dropout", part="predicted")'
    assert order.index("predictions") < order.index("predictions-again-run") < order.index("quiz")
    assert "64" not in cells["predictions-again"]


def test_asks_for_a_prediction_before_it_shows(lesson_source):
    text = "\n".join(cell.source for cell in lesson_source.cells)
    assert text.count("**Predict") >= 7
    assert text.count("**What we saw") >= 9


@pytest.mark.parametrize(
    "link", ["exercises.ipynb", "deeper-mechanism.ipynb", "deeper-practice.ipynb", "deeper-theory.ipynb"]
)
def test_links_to_neighbours_lead_somewhere(lesson_source, link):
    assert any(f"({link})" in cell.source for cell in lesson_source.cells)
    assert (course_root() / "notebooks" / "2-4-dropout" / link).exists()


def test_every_picture_has_a_text_beside_it(lesson_run):
    pictures = [
        output.data["text/html"]
        for cell in code_cells(lesson_run.notebook)
        for output in cell.outputs
        if "<img" in output.get("data", {}).get("text/html", "")
    ]
    assert len(pictures) == 3
    for picture in pictures:
        assert re.search(r'<img alt="[^"]{20,}"', picture)
        assert re.search(r"<figcaption[^>]*>[^<]{20,}</figcaption>", picture)


def test_running_the_lesson_again_and_again_in_one_kernel_brings_no_advice_about_retracing(lesson_source):
    """TensorFlow gives it where five of the last ten steps of predict were built anew, as for a new model each time."""
    code = {cell.id: cell.source for cell in code_cells(lesson_source)}
    once = "\n".join((code["setup"], code["keras-build"], code["which-calls"]))
    run = subprocess.run([sys.executable, "-c", "\n".join([once] * 6)], capture_output=True, text=True, check=True)
    assert run.stdout.count("model(x, training=True)") == 6
    assert "retracing" not in run.stderr
