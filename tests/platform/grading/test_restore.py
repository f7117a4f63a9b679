"""A submitted notebook is mended before grading; what the learner wrote stays."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.notebooks.elsewhere import defines
from course.notebooks.restore import Restored, grade_id, restore


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
    restored = restore(submitted, template())
    assert restored.sentence("f.ipynb") == ""
    assert [cell.source for cell in restored.notebook.cells] == [cell.source for cell in submitted.cells]
    assert restored.attempted == {"f-solution"}


def test_an_edited_graded_cell_is_graded_as_handed_out() -> None:
    submitted = template()
    submitted.cells[2].source = "100"
    submitted.cells[2].metadata["nbgrader"]["points"] = 100
    restored = restore(submitted, template())
    assert sources(restored.notebook)["f"] == 'check("f")'
    assert restored.notebook.cells[2].metadata.nbgrader["points"] == 2
    assert restored.sentence("f.ipynb") == "In f.ipynb: 1 locked cell had been changed and counted as handed out."


def test_deleted_cells_come_back_in_their_places() -> None:
    submitted = template()
    submitted.cells[3].source = "def g(): return 2"
    del submitted.cells[1:3]
    restored = restore(submitted, template())
    assert list(sources(restored.notebook)) == ["f-solution", "f", "g-solution", "g"]
    assert sources(restored.notebook)["g-solution"] == "def g(): return 2"
    assert restored.sentence("f.ipynb") == "In f.ipynb: 2 cells were missing and put back."


def test_of_doubled_cells_the_last_counts_and_the_other_stays_as_text() -> None:
    submitted = template()
    submitted.cells.insert(2, named("f-solution", "def f(): return 'later'", solution=True))
    restored = restore(submitted, template())
    assert [str(grade_id(cell)) for cell in restored.notebook.cells].count("f-solution") == 1
    assert sources(restored.notebook)["f-solution"] == "def f(): return 'later'"
    assert restored.sentence("f.ipynb") == "In f.ipynb: 1 cell was there more than once."


def test_an_untouched_copy_never_takes_the_place_of_an_answer() -> None:
    submitted = template()
    submitted.cells[1].source = "def f(): return 1"
    submitted.cells.insert(2, named("f-solution", "def f():\n    pass", solution=True))
    restored = restore(submitted, template())
    assert sources(restored.notebook)["f-solution"] == "def f(): return 1"
    assert not [cell for cell in restored.notebook.cells if cell.source == "def f():\n    pass"]


def lost_names(notebook: NotebookNode) -> NotebookNode:
    for cell in notebook.cells:
        cell.metadata = {}
    return notebook


def test_without_any_metadata_every_answer_is_found() -> None:
    submitted = template()
    submitted.cells[1].source = "import math\n\ndef f(): return 1"
    restored = restore(lost_names(submitted), template())
    assert sources(restored.notebook) == {
        "f-solution": "import math\n\ndef f(): return 1",
        "f": 'check("f")',
        "g-solution": "def g(): pass",
        "g": 'check("g")',
    }
    assert restored.attempted == {"f-solution"}
    assert restored.doubts == {}


def defined_before_its_check(restored: Restored, entry: str) -> bool:
    """True if the last definition that runs before the check is the learner's, not an empty one."""
    names = [grade_id(cell) for cell in restored.notebook.cells]
    before = [cell.source for cell in restored.notebook.cells[: names.index(entry)] if f"def {entry}" in cell.source]
    return bool(before) and "pass" not in before[-1]


def test_an_answer_in_a_new_cell_counts_wherever_it_is() -> None:
    for place in range(len(template().cells) + 1):
        submitted = template()
        submitted.cells.insert(place, new_code_cell("def f(): return 1"))
        restored = restore(submitted, template())
        assert defined_before_its_check(restored, "f"), place
        assert restored.attempted == {"f-solution"}


def test_merged_cells_keep_both_answers() -> None:
    submitted = template()
    submitted.cells[1].source = "def f(): return 1\n\ndef g(): return 2"
    del submitted.cells[3]
    restored = restore(submitted, template())
    assert defined_before_its_check(restored, "f")
    assert defined_before_its_check(restored, "g")
    assert restored.attempted == {"f-solution", "g-solution"}


def test_a_check_that_was_moved_up_waits_for_its_function() -> None:
    submitted = template()
    submitted.cells[1].source = "def f(): return 1"
    submitted.cells.insert(0, submitted.cells.pop(2))
    assert defined_before_its_check(restore(submitted, template()), "f")


def test_a_retyped_answer_is_code_again() -> None:
    submitted = template()
    submitted.cells[1] = named("f-solution", "def f(): return 1", solution=True)
    submitted.cells[1]["cell_type"] = "markdown"
    restored = restore(submitted, template())
    assert restored.notebook.cells[1].cell_type == "code"
    assert sources(restored.notebook)["f-solution"] == "def f(): return 1"


def with_words() -> NotebookNode:
    notebook = template()
    answer = new_markdown_cell("*Write your answer here.*")
    answer.metadata["nbgrader"] = {"grade_id": "words", "grade": True, "solution": True, "points": 3}
    notebook.cells += [new_markdown_cell("# Explain"), answer, new_markdown_cell("# The end")]
    return notebook


def test_words_written_beside_the_answer_cell_are_for_a_person_to_find() -> None:
    for place in (6, 7):
        submitted = with_words()
        submitted.cells.insert(place, new_markdown_cell("At prediction time every neuron is active."))
        restored = restore(submitted, with_words())
        assert "beside it" in restored.doubts["words"]
    elsewhere = with_words()
    elsewhere.cells.insert(1, new_markdown_cell("A note of mine."))
    assert restore(elsewhere, with_words()).doubts == {}
    assert restore(with_words(), with_words()).attempted == set()


def test_another_notebook_is_for_a_person() -> None:
    other = new_notebook(cells=[new_code_cell("print('homework of another course')")])
    restored = restore(other, with_words())
    assert set(restored.doubts) == {"f", "g", "words"}
    assert restore(new_notebook(), with_words()).doubts.keys() == {"f", "g", "words"}


def test_a_picture_pasted_into_an_answer_stays() -> None:
    submitted = with_words()
    picture = "iVBORw0KGgo="
    submitted.cells[6].attachments = {"p.png": {"image/png": picture}, "x.svg": {"image/svg+xml": "<svg/>"}}
    restored = restore(submitted, with_words())
    assert restored.notebook.cells[6].attachments == {"p.png": {"image/png": picture}}
    assert restored.attempted == {"words"}


def test_metadata_that_makes_no_sense_is_dropped() -> None:
    submitted = template()
    for odd in ({"grade_id": ["f"]}, "text", {"grade_id": "invented", "grade": True, "points": 1000}, 7):
        cell = new_code_cell("x = 1")
        cell.metadata["nbgrader"] = odd
        submitted.cells.append(cell)
    restored = restore(submitted, template())
    assert list(sources(restored.notebook)) == ["f-solution", "f", "g-solution", "g"]


def test_cell_ids_are_unique_and_outputs_cleared() -> None:
    submitted = template()
    for cell in submitted.cells:
        cell["id"] = "same"
    submitted.cells[1].outputs = [{"output_type": "stream", "name": "stdout", "text": "old"}]
    cells = restore(submitted, template()).notebook.cells
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert cells[1].outputs == []


BOUND = {
    "within if": "if True:\n    def f():\n        return 1",
    "within try": "try:\n    import fast\nexcept ImportError:\n    def f():\n        return 1",
    "imported": "from mymodule import f",
    "imported under that name": "from mymodule import other as f",
    "one of several": "f, other = make()",
    "annotated": "f: Callable[[int], int] = lambda n: n",
    "walrus": "print(f := make())",
    "timed": "%%time\ndef f():\n    return 1",
    "after a magic": "%matplotlib inline\n!pip install x\ndef f():\n    return 1",
    "decorated": "@np.vectorize\ndef f():\n    return 1",
    "async": "async def f():\n    return 1",
    "not even Python": "def f(:\n    return",
}
NOT_BOUND = [
    "%%writefile f.py\ndef f(): pass",
    "f",
    "f(1)",
    "f == 1",
    "def g():\n    f = 1",
    "[f for f in x]",
    "f: int",
]


def test_an_answer_in_a_new_cell_counts_however_it_is_defined() -> None:
    for kind, source in BOUND.items():
        for place in (1, 2, 5):
            submitted = template()
            submitted.cells.insert(place, new_code_cell(source))
            restored = restore(submitted, template())
            assert sources(restored.notebook)["f-solution"] == source, (kind, place)
    assert not [source for source in NOT_BOUND if defines(source, {"f"})]


LOST = {
    "in a text": new_markdown_cell("My answer:\n\n    def f(): return 1"),
    "written to a file": new_code_cell("%%writefile f.py\ndef f(): return 1"),
    "by its name": new_code_cell("globals()['f'] = g"),
    "misnamed": new_code_cell("def F(): return 1"),
}


def test_what_may_be_an_answer_is_for_a_person_should_the_function_be_missing() -> None:
    for kind, cell in LOST.items():
        submitted = template()
        submitted.cells.insert(2, cell.copy())
        assert set(restore(submitted, template()).elsewhere) == {"f"}, kind
    in_its_check = template()
    in_its_check.cells[2].source = "def f(): return 1\ncheck('f')"
    assert set(restore(in_its_check, template()).elsewhere) == {"f"}
    without_name = template()
    without_name.cells[1] = new_code_cell("my_f = 7  # whatever that is")
    assert set(restore(without_name, template()).elsewhere) == {"f"}
    notes = template()
    notes.cells.insert(2, new_code_cell("f(1)  # not yet"))
    assert restore(notes, template()).elsewhere == {}


def test_a_function_that_two_cells_define_is_noted() -> None:
    submitted = template()
    submitted.cells[1].source = "def f(): return 1"
    submitted.cells.insert(4, new_code_cell("def f(): return 2"))
    assert restore(submitted, template()).rivals == {"f"}
    submitted.cells[4].source = "def f():  return 1"
    assert restore(submitted, template()).rivals == set()


def test_a_missing_import_is_put_back_before_what_needs_it() -> None:
    released = template()
    released.cells.insert(0, new_code_cell("import numpy as np"))
    restored = restore(template(), released)
    assert restored.notebook.cells[0].source == "import numpy as np"
    assert restored.sentence("f.ipynb") == "In f.ipynb: 1 cell was missing and put back."
    longer = template()
    longer.cells.insert(0, new_code_cell("from google.colab import drive\nimport numpy as np"))
    restored = restore(longer, released)
    assert restored.notebook.cells[0].source == "import numpy as np"
    assert restored.sentence("f.ipynb") == ""


def test_a_task_worded_anew_is_not_taken_for_an_answer() -> None:
    newer = with_words()
    prompt = "Explain in two or three sentences what a layer does with its values when it is asked for a prediction"
    submitted = with_words()
    submitted.cells[5].source = prompt
    newer.cells[5].source = f"{prompt}, and why."
    assert restore(submitted, newer).doubts == {}
    submitted.cells[5].source = prompt + "\n\n" + "At that time all of them work, so nothing has to be scaled." * 3
    assert set(restore(submitted, newer).doubts) == {"words"}


def test_an_answer_in_words_at_the_end_of_the_notebook_is_for_a_person() -> None:
    submitted = with_words()
    submitted.cells.insert(
        0, new_markdown_cell("Exercise 7: at prediction time every neuron is active, so nothing is lost.")
    )
    assert "another cell" in restore(submitted, with_words()).doubts["words"]
    emptied = with_words()
    emptied.cells[6].source = " "
    assert restore(emptied, with_words()).attempted == set()
