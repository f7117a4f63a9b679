"""The lesson: what it says in numbers is so."""

import pytest

from course.chapters.batch_normalization import lesson


@pytest.mark.parametrize("offset", [0.0, 3.0])
def test_centred_inputs_learn_as_fast_wherever_they_were(offset: float) -> None:
    x, y = lesson.rows(offset)
    assert lesson.losses(x - x.mean(axis=0), y)[-1] == pytest.approx(0.11, abs=0.03)


def test_inputs_far_from_0_learn_more_slowly() -> None:
    assert lesson.losses(*lesson.rows(3.0))[-1] > 3 * lesson.losses(*lesson.rows(0.0))[-1]


def test_the_widget_follows_its_slider() -> None:
    lab = lesson.offset_lab()
    assert "Inputs around 3.0" in lab.view.value
    lab.controls["offset"].value = 0.0
    assert "Inputs around 0.0" in lab.view.value
