"""The table of results over seeds, as it is printed."""

import numpy as np
import pytest

from course.lessons.tables import print_means


def test_means_and_standard_deviations_stand_in_columns(capsys: pytest.CaptureFixture[str]) -> None:
    print_means(["without", "with"], [("one", [np.array([1.0, 3.0]), np.array([5.0, 5.0])])])
    title, row = capsys.readouterr().out.splitlines()
    assert title.split() == ["without", "with"]
    assert row.split() == ["one", "2.0", "±", "1.4", "5.0", "±", "0.0"]
    assert len(title) == len(row)
