"""`course format`: sentences on lines of their own that show as before, and notebooks without what tools leave."""

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from course.authoring.formatting import format_notebooks, formatted_notebook, source_files
from course.authoring.sentences import one_sentence_a_line, split_sentences
from course.catalog import load_catalog
from course.cli import app
from course.errors import CourseError
from tests.platform.tiny import ROOT, SLUG


def shown(markdown: str) -> str:
    return re.sub(r"\s+", " ", str(MarkdownIt("commonmark").enable("table").render(markdown)))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four… Five.", ["One.", "Two!", "Three?", "Four…", "Five."]),
        ("It keeps `a. B` whole. And $x. Y$ too.", ["It keeps `a. B` whole.", "And $x. Y$ too."]),
        ("See e.g. Keras, or Srivastava et al. 2014. Next.", ["See e.g. Keras, or Srivastava et al. 2014.", "Next."]),
        ("**What we saw.** It fell. Then *this.* Done.", ["**What we saw.** It fell.", "Then *this.*", "Done."]),
        ("A rate of 0.5. Then 2 more.", ["A rate of 0.5.", "Then 2 more."]),
        (
            "(All of it.) `relu` stays. [A link](a. B.md) too.",
            ["(All of it.)", "`relu` stays.", "[A link](a. B.md) too."],
        ),
        ("The end is 3. - not a list", ["The end is 3. - not a list"]),
        ("¿Qué pasa? ¡Nada! Eso es.", ["¿Qué pasa?", "¡Nada!", "Eso es."]),
        ("no capital. so no split", ["no capital. so no split"]),
    ],
)
def test_where_a_sentence_ends(text: str, sentences: list[str]) -> None:
    assert split_sentences(text) == sentences


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# One. Two.\n\nA. long\nline. Here B.", "# One. Two.\n\nA. long line.\nHere B."),
        ("- One is. Two is.\n- Three.", "- One is.\n  Two is.\n- Three."),
        ("1. One is. Two is.\n2. Three.", "1. One is.\n   Two is.\n2. Three."),
        ("> Said so. And so.", "> Said so.\n> And so."),
        ("```\nOne is. Two is.\n```", "```\nOne is. Two is.\n```"),
        ("| a. B | c |\n|---|---|\n| One is. Two is. | x |", "| a. B | c |\n|---|---|\n| One is. Two is. | x |"),
        ("<details>\nOne is. Two is.\n</details>", "<details>\nOne is. Two is.\n</details>"),
        ("Hard is  \nbreak. It stays.", "Hard is  \nbreak.\nIt stays."),
        ("Once it was. 1986. A year.", None),
    ],
)
def test_only_paragraphs_are_split_and_nothing_shows_otherwise(before: str, after: str | None) -> None:
    formatted = one_sentence_a_line(before)
    assert after is None or formatted == after
    assert shown(formatted) == shown(before)


WORDS = st.sampled_from(
    [
        *("It", "is", "so.", "So?", "1.", "- ", "# ", "> ", "**Bold.**", "`a. B`", "$x. Y$", "[a. B](c)"),
        *("\n", "\n\n", "  \n", "|", "\\", "=", "---", "* A.", "<b>"),
    ]
)


@settings(max_examples=400)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_whatever_the_text_it_shows_as_before_and_a_second_time_changes_nothing(text: str) -> None:
    formatted = one_sentence_a_line(text)
    assert shown(formatted) == shown(text)
    assert one_sentence_a_line(formatted) == formatted


def notebook(*cells: dict[str, Any], **metadata: Any) -> str:
    return json.dumps({"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 4})


def test_a_notebook_keeps_its_cells_and_ids_and_loses_what_tools_leave() -> None:
    grading = {"grade_id": "relu", "grade": True, "points": 2, "locked": True, "solution": False, "schema_version": 3}
    code = {"cell_type": "code", "source": ["1\n", "2"], "outputs": [], "execution_count": 7}
    text = notebook(
        {**code, "id": "mine", "metadata": {"nbgrader": grading, "scrolled": True, "tags": ["a"]}},
        {**code, "id": "mine", "metadata": {"collapsed": False}},
        {"cell_type": "markdown", "metadata": {"editable": True}, "source": "## See it\n\nOne is. Two is.\n"},
        kernelspec={"name": "other", "display_name": "Other"},
        widgets={},
    )
    formatted = formatted_notebook(text)
    made = nbformat.reads(formatted, as_version=4)
    assert [cell.id for cell in made.cells] == ["mine", "1-2", "see-it-one"]
    assert made.cells[0].metadata == {"nbgrader": grading, "tags": ["a"]}
    assert [dict(cell.metadata) for cell in made.cells[1:]] == [{}, {}]
    assert made.cells[0].execution_count is None
    assert made.cells[2].source == "## See it\n\nOne is.\nTwo is."
    assert (made.metadata.kernelspec.name, made.nbformat_minor, "widgets" in made.metadata) == ("python3", 5, False)
    assert formatted_notebook(formatted) == formatted
    assert formatted.endswith("}\n")


@pytest.mark.parametrize("text", ["", "[]", "{}", notebook().replace('"nbformat": 4', '"nbformat": 3'), '{"cells": 1}'])
def test_what_is_no_notebook_is_told(text: str) -> None:
    with pytest.raises(CourseError, match=r"a.ipynb:1: this is no notebook of format 4 \(.*\)\. Mend it\."):
        formatted_notebook(text, "a.ipynb")


def test_the_command_formats_and_its_check_only_tells(course_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_ROOT", str(course_copy))
    lesson = course_copy / "notebooks" / SLUG / "lesson.ipynb"
    CliRunner().invoke(app, ["format"])
    assert format_notebooks(source_files(load_catalog(course_copy)), check=True) == []
    formatted = lesson.read_text()
    lesson.write_text(formatted.replace('"execution_count": null', '"execution_count": 3', 1))
    before = lesson.read_text()
    told = CliRunner().invoke(app, ["format", "--check"])
    assert (told.exit_code, lesson.read_text()) == (1, before)
    assert f"notebooks/{SLUG}/lesson.ipynb is not as `course format` keeps it" in told.output
    assert CliRunner().invoke(app, ["format"]).exit_code == 0
    assert lesson.read_text() == formatted
    assert CliRunner().invoke(app, ["format", "--check"]).exit_code == 0


def test_new_chapters_begin_as_they_are_kept() -> None:
    templates = [path for path in source_files(load_catalog(ROOT)) if path.suffix == ".template"]
    assert len(templates) == 2
    assert format_notebooks(iter(templates), check=True) == []
