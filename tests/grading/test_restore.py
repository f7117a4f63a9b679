"""A submitted notebook is mended before grading; what the learner wrote stays."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.grading.restore import grade_id, restore


def named(name: str, source: str, **roles: bool) -> NotebookNode:
    cell = new_code_cell(source)
    cell.metadata["nbgrader"] = {"grade_id": name, "grade": False, "solution": False, "points": 2, **roles}
    return cell


def template() -> NotebookNode:
    cells = [
        new_markdown_cell("# Task"),
        named("f-solution", "def f(): pass", solution=True),
        named("f", 'check("f")', grade=True),
        named("g-solution", "def g(): pass", solution=True),
        named("g", 'check("g")', grade=True),
    ]
    return new_notebook(cells=cells)


def sources(notebook: NotebookNode) -> dict[str, str]:
    return {str(grade_id(cell)): cell.source for cell in notebook.cells if grade_id(cell)}


def test_an_honest_submission_is_kept_as_it_is() -> None:
    submitted = template()
    submitted.cells[1].source = "def f(): return 1"
    submitted.cells.insert(2, new_code_cell("print('my own cell')"))
    restored, notes = restore(submitted, template())
    assert notes == []
    assert [cell.source for cell in restored.cells] == [cell.source for cell in submitted.cells]


def test_an_edited_graded_cell_is_graded_as_handed_out() -> None:
    submitted = template()
    submitted.cells[2].source = "100"
    submitted.cells[2].metadata["nbgrader"]["points"] = 100
    restored, notes = restore(submitted, template())
    assert sources(restored)["f"] == 'check("f")'
    assert restored.cells[2].metadata.nbgrader["points"] == 2
    assert "f had been changed" in notes[0]


def test_deleted_cells_come_back_in_their_places() -> None:
    submitted = template()
    submitted.cells[3].source = "def g(): return 2"
    del submitted.cells[1:3]
    restored, notes = restore(submitted, template())
    assert list(sources(restored)) == ["f-solution", "f", "g-solution", "g"]
    assert sources(restored)["g-solution"] == "def g(): return 2"
    assert len(notes) == 2


def test_of_doubled_cells_the_last_counts_and_the_other_stays_as_text() -> None:
    submitted = template()
    submitted.cells.insert(2, named("f-solution", "def f(): return 'later'", solution=True))
    restored, notes = restore(submitted, template())
    assert [str(grade_id(cell)) for cell in restored.cells].count("f-solution") == 1
    assert sources(restored)["f-solution"] == "def f(): return 'later'"
    assert "more than once" in notes[0]


def test_metadata_that_makes_no_sense_is_dropped() -> None:
    submitted = template()
    for odd in ({"grade_id": ["f"]}, "text", {"grade_id": "invented", "grade": True, "points": 1000}, 7):
        cell = new_code_cell("x = 1")
        cell.metadata["nbgrader"] = odd
        submitted.cells.append(cell)
    restored, _notes = restore(submitted, template())
    assert list(sources(restored)) == ["f-solution", "f", "g-solution", "g"]


def test_cell_ids_are_unique_and_outputs_cleared() -> None:
    submitted = template()
    for cell in submitted.cells:
        cell["id"] = "same"
    submitted.cells[1].outputs = [{"output_type": "stream", "name": "stdout", "text": "old"}]
    restored, _notes = restore(submitted, template())
    assert len({cell["id"] for cell in restored.cells}) == len(restored.cells)
    assert restored.cells[1].outputs == []
