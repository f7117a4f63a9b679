"""One verdict everywhere: in the notebook and in grading, for every exercise at once."""

from pathlib import Path

from course.catalog import Catalog
from course.grading.run import grade_folder
from tests.chapters.dropout.wrong_solutions import WRONG
from tests.conftest import SLUG, write_submission

# Of exercises that no cell of the notebook calls but the check itself.
ENDLESS = "def mc_predict(model, x, n_passes):\n    while True:\n        x = x + 1\n"
DEAF = """
def train_step(model, optimizer, loss_fn, x, y):
    import time
    while True:
        try:
            time.sleep(60)
        except:
            x = x + 1
"""


def test_in_grading_a_function_without_end_or_a_cell_that_raises_costs_only_itself(
    catalog: Catalog, tmp_path: Path
) -> None:
    wrong = WRONG["subnet_average"]["unweighted_masks"]
    chosen = {"inverted_dropout": "def inverted_dropout(x, rate", "dropout_backward": "import no_such_module"}
    chosen |= {"mc_predict": ENDLESS, "train_step": DEAF, "subnet_average": wrong}
    cells = grade_folder(catalog, SLUG, write_submission(tmp_path / SLUG, chosen), "sandbox").cells
    for name in ("mc_predict", "train_step"):
        assert (cells[name].status, cells[name].score) == ("failed", 0.0)
        assert "had not come back after 10 seconds" in cells[name].findings[0].message
    assert cells["subnet_average"].misconceptions == ["unweighted_masks"]
    assert cells["choose_rate"].status == "not attempted"
    assert (cells["inverted_dropout"].status, cells["inverted_dropout"].score) == ("failed", 0.0)
    assert "The cell that should define inverted_dropout stopped with an error: SyntaxError: " in (
        cells["inverted_dropout"].reason
    )
    # A module that is missing here may be there where the learner works: a person decides.
    assert (cells["dropout_backward"].status, cells["dropout_backward"].score) == ("error", None)
    assert "stopped with an error: ModuleNotFoundError: " in cells["dropout_backward"].reason
