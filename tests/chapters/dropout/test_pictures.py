"""The lesson's pictures, and the models that they draw, as a learner meets them."""

from __future__ import annotations

import io
import re
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from PIL import Image

from course.chapters.dropout import lesson, placement, staffing, thinned_network
from course.chapters.dropout.ensemble_figures import ensemble_picture
from course.chapters.dropout.layer_figures import backward_picture, batch_masks_picture, moments_picture
from course.chapters.dropout.network_figures import network_picture
from course.chapters.dropout.placement_figures import order_picture, variance_shift_picture
from course.chapters.dropout.robustness import accuracy_with_absences
from course.chapters.dropout.staffing_figures import habits_picture, staffing_picture
from course.chapters.dropout.studies import load_studies
from course.chapters.dropout.study_figures import conventions_picture, epochs_picture, partners_picture
from course.chapters.dropout.summary_card import summary_card
from course.chapters.dropout.sweep_figures import heatmap_picture, label_noise_picture
from course.chapters.dropout.uncertainty_figures import passes_picture
from course.chapters.dropout.variant_figures import variants_picture
from course.lessons.picture import Picture
from tests.picture_checks import *  # noqa: F403  (tests of each of PICTURES)

RATES = st.integers(0, 18).map(lambda n: n / 20)


def texts(picture: Picture) -> list[str]:
    return [text.get_text() for axes in picture.figure.axes for text in axes.texts]


def panels_of(picture: Picture) -> list[Axes]:
    """Its panels, without the scale of colours beside one, which has a name of its own."""
    return [axes for axes in picture.figure.axes if axes.get_label() != "<colorbar>"]


def an_image(picture: Picture) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture.png())).convert("RGB"))


# --- imports ----------------------------------------------------------------------------------------------------------


# --- what the pictures show -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [-0.1, 1.0, float("nan")])
def test_a_rate_outside_the_range_is_refused_with_its_value(rate):
    for refuses in (lambda: staffing.effort(rate), lambda: thinned_network.forward(1, rate, training=True)):
        with pytest.raises(ValueError, match=re.escape(repr(rate))):
            refuses()


def test_absences_cost_nothing_when_nobody_is_away_and_all_when_everybody_is():
    digits = lesson.load_digits(wrong_share=0.0)
    net = lesson.train(digits.x_train, digits.y_train, lesson.Recipe(width=64, epochs=10))
    right = (lesson.logits_of(net, digits.x_test).argmax(axis=1) == digits.y_test).mean()
    assert accuracy_with_absences(net, digits.x_test, digits.y_test, away=0.0) == pytest.approx(right)
    assert accuracy_with_absences(net, digits.x_test, digits.y_test, away=1.0) < 0.2


# --- pictures ---------------------------------------------------------------------------------------------------------

ROWS = np.full((2, 64), 0.5)
TABLES = [
    lambda: lesson.impact_table(lesson.load_sweep(), lesson.load_benefit()),
    lambda: lesson.rate_table(lesson.load_benefit()),
]
PICTURES = {
    "benefit": lambda: lesson.benefit_picture(lesson.load_benefit()),
    "error curves": lambda: lesson.rate_curves_picture({0.0: {"mae": [0.7, 0.5], "val_mae": [0.6, 0.5]}}),
    "staffing": lambda: staffing_picture(0.3, day=2, project=4),
    "presentation": lambda: staffing_picture(0.3, presentation=True),
    "habits": lambda: habits_picture(0.5),
    "network": lambda: network_picture(2, 0.5),
    "masks": lambda: lesson.masks_picture({"?": lesson.dropout_mask(np.random.default_rng(0), (4, 6), 0.5)}),
    "label noise": lambda: label_noise_picture(lesson.load_sweep(), 0.5),
    "batch masks": lambda: batch_masks_picture("own", 0.3),
    "moments": lambda: moments_picture(0.5, 100),
    "conventions": lambda: conventions_picture(load_studies(), 0.2),
    "backward": lambda: backward_picture(0.4, 4),
    "epochs": lambda: epochs_picture(load_studies().curve(0.6, "right"), 0.6, "right"),
    "heatmap": lambda: heatmap_picture(lesson.load_sweep(), "test", 256, 0.5),
    "order": lambda: order_picture(placement.BLOCKS[0], "both", 0.5),
    "variance shift": lambda: variance_shift_picture(0.5),
    "partners": lambda: partners_picture(load_studies()),
    "ensemble": lambda: ensemble_picture(
        lesson.ensemble_averages(lesson.load_small_nets()["one", 0.5], ROWS, 0.5), [3, 3], 1, 0.5
    ),
    "passes": lambda: passes_picture(ROWS[0], np.full((4, 8), 0.125), np.full(8, 0.125), "?"),  # the caller's title
    "entropy": lambda: lesson.entropy_picture(np.array([0.1, 0.3]), np.array([0.9, 1.4])),
    "variants": lambda: variants_picture("spatial", 0.3),
    "card": summary_card,
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_alt_caption_and_titles_and_comes_out_the_same_twice(name):
    picture = PICTURES[name]()
    assert len(picture.alt) > 20
    assert len(picture.caption) > 20
    assert all(axes.get_title(loc="left") or axes.get_title() for axes in panels_of(picture))
    assert np.array_equal(an_image(picture), an_image(PICTURES[name]()))
    assert picture.caption in repr(picture)


@pytest.mark.parametrize("name", PICTURES)
def test_in_spanish_every_number_has_a_decimal_comma(name, monkeypatch):
    monkeypatch.setenv("COURSE_LANG", "es")
    picture = PICTURES[name]()
    titles = [axes.get_title(loc="left") for axes in picture.figure.axes]
    picture.png()  # writes the numbers along the axes
    ticks = [tick.get_text() for axes in panels_of(picture) for tick in axes.get_xticklabels() + axes.get_yticklabels()]
    told = " ".join([picture.caption, picture.alt, *titles, *texts(picture), *ticks])
    outside_code = re.sub(r"Dropout\([\d.]+\)", "", told)
    assert re.findall(r"\d*\.\d{1,2}(?!\d)", outside_code) == []  # three digits: a mark of thousands


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", PICTURES)
def test_no_legend_is_cut_and_no_text_beside_the_panels_covers_another(name, lang, monkeypatch):
    monkeypatch.setenv("COURSE_LANG", lang)
    picture = PICTURES[name]()
    picture.png()  # lays everything out
    figure = picture.figure
    whole = figure.bbox.padded(1)
    for axes in figure.axes:
        if legend := axes.get_legend():
            box = legend.get_window_extent()
            assert whole.x0 <= box.x0 <= box.x1 <= whole.x1
            assert whole.y0 <= box.y0 <= box.y1 <= whole.y1
    boxes = {text.get_text(): text.get_window_extent() for text in figure.texts if text.get_text()}
    for text, box in boxes.items():
        assert whole.x0 <= box.x0 <= box.x1 <= whole.x1, text
    for (one, first), (other, second) in combinations(boxes.items(), 2):
        assert not first.overlaps(second), (one, other)


def test_a_caption_in_spanish_reads_as_spanish(monkeypatch):
    monkeypatch.setenv("COURSE_LANG", "es")
    assert "tasa 0,30" in staffing_picture(0.3).caption
    assert "faltan Hana e Ivo." in staffing_picture(0.3, day=1, project=5).caption
    assert "7 × 10 × 1,43 = 100" in staffing_picture(0.3).caption
    assert re.search(r" 0,\d\d; 0,\d\d; 0,\d\d\.$", network_picture(1, 0.5).caption)


def test_the_benefit_tells_what_its_dots_are():
    (legend,) = [axes.get_legend() for axes in PICTURES["benefit"]().figure.axes if axes.get_legend()]
    assert [text.get_text() for text in legend.get_texts()] == ["one seed", "mean", "linear regression"]


@pytest.mark.parametrize("name", [name for name in PICTURES if name not in ("digits", "order", "passes")])
def test_a_pictures_axes_are_labelled(name):
    for axes in panels_of(PICTURES[name]()):
        assert axes.get_xlabel()
        assert axes.get_ylabel() or not len(axes.get_yticks())


def office_marks(picture: Picture) -> tuple[int, int]:
    """Filled and hollow circles of the office; every hollow one is crossed out."""
    filled, hollow, crosses = picture.figure.axes[0].collections
    assert to_hex(hollow.get_facecolor()[0]) == "#ffffff" if len(hollow.get_facecolor()) else True
    assert np.array_equal(hollow.get_offsets(), crosses.get_offsets())
    return len(filled.get_offsets()), len(hollow.get_offsets())


@given(rate=RATES, day=st.integers(1, 500))
@settings(max_examples=10)
def test_the_office_shows_who_is_present_and_what_projects_get(rate, day):
    present = staffing.attendance(rate, day)
    picture = staffing_picture(rate, day)
    assert office_marks(picture) == (present.sum(), (~present).sum())
    shown = [float(text.split("→")[1]) for text in texts(picture)]
    assert shown == [float(f"{value:.0f}") for value in staffing.delivered(present, rate)]
    title = picture.figure.axes[0].get_title(loc="left")
    assert title == f"Day {day}: effort ×{1 / (1 - rate):.2f}"


@pytest.mark.parametrize("rate", [0.2, 0.3, 0.5])
def test_every_employee_contributes_the_same(rate):
    present = np.zeros((10, 10), dtype=bool)
    for n in range(10):
        present[n, : n + 1] = True
    assert staffing.delivered(present, rate) == pytest.approx(np.arange(1, 11) * 10 / (1 - rate))


def test_at_the_presentation_everybody_is_in_and_every_project_gets_100():
    for rate in (0.0, 0.2, 0.9):
        picture = staffing_picture(rate, day=3, presentation=True)
        assert office_marks(picture) == (50, 0)
        assert {text.split("→")[1].strip() for text in texts(picture)} == {"100"}
        assert "effort ×1.00" in picture.figure.axes[0].get_title(loc="left")


@pytest.mark.parametrize("rate", [0.0, 0.3, 0.65, 0.9])
def test_the_bar_of_this_project_stands_where_the_project_is(rate):
    _office, chart = staffing_picture(rate, day=2, project=3).figure.axes
    output = staffing.delivered(staffing.attendance(rate, day=2), rate)[2]
    marked = [bar for bar in chart.patches if bar.get_hatch()]
    assert len(marked) == 1
    assert marked[0].get_x() + marked[0].get_width() / 2 == pytest.approx(output)
    assert marked[0].get_height() > 0
    assert not any(bar.get_hatch() for bar in staffing_picture(rate, presentation=True).figure.axes[1].patches)


def test_projects_of_one_day_have_their_own_absentees_and_days_differ():
    day = staffing.attendance(0.5, day=1)
    assert len({tuple(row) for row in day}) == staffing.PROJECTS_PER_DAY
    assert not np.array_equal(day, staffing.attendance(0.5, day=2))
    assert np.array_equal(day, staffing.attendance(0.5, day=1))


def test_a_higher_rate_only_adds_absentees_to_the_same_day():
    low, high = staffing.attendance(0.2, day=7), staffing.attendance(0.6, day=7)
    assert (low | ~high).all()
    assert high.sum() < low.sum()


def test_the_company_caption_names_the_absent():
    picture = staffing_picture(0.3, day=1, project=1)
    present = staffing.attendance(0.3, day=1)[0]
    away = [name for name, here in zip(staffing.STAFF, present, strict=True) if not here]
    assert away == ["Gus", "Hana", "Ivo"]
    assert "Gus, Hana and Ivo are away" in picture.caption
    assert "Hana and Ivo are away" in staffing_picture(0.3, day=1, project=5).caption
    assert "7 × 10 × 1.43 = 100" in picture.caption
    assert "nobody is away" in staffing_picture(0.0).caption
    assert staffing_picture(0.0).caption.endswith("Each of 10,000 projects gets 100.")


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.8])
@pytest.mark.parametrize("sample", [1, 4])
def test_the_network_crosses_out_the_dropped_and_tells_the_factor_once(rate, sample):
    state, picture = thinned_network.forward(sample, rate, training=True), network_picture(sample, rate)
    n_dropped = sum(len(units) for units in state.dropped)
    crosses = [c for c in picture.figure.axes[0].collections if c.get_zorder() == 3]
    assert sum(len(c.get_offsets()) for c in crosses) == n_dropped
    assert len(texts(picture)) == 6 + 16 + 3 - n_dropped
    factor = f"×{1 / (1 - rate):.2f}"
    assert [factor in text for text in texts(picture)].count(True) == 0
    assert picture.figure.axes[0].get_title(loc="left").endswith(f"survivors {factor}")
    faded = [c for c in picture.figure.axes[0].collections if type(c).__name__ == "LineCollection"][::2]
    alive = [np.outer(a, b).sum() for a, b in zip(state.kept[:-1], state.kept[1:], strict=True)]
    assert [len(lines.get_segments()) for lines in faded] == [48 - alive[0], 64 - alive[1], 24 - alive[2]]


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_in_inference_no_pass_and_no_rate_changes_the_network(rate):
    usual, now = (
        thinned_network.forward(3, 0.0, training=False),
        thinned_network.forward(3, rate, training=False, step=9),
    )
    assert all(np.array_equal(a, b) for a, b in zip(usual.values, now.values, strict=True))
    drawn = network_picture(3, rate, training=False)
    assert drawn.figure.axes[0].get_title(loc="left").endswith("all values ×1.00")
    assert "unchanged (×1.00)" in drawn.caption


def test_passes_and_samples_draw_masks_of_their_own():
    masks = {
        tuple(np.concatenate(thinned_network.forward(sample, 0.5, True, n).kept[1:3]))
        for sample in range(1, 5)
        for n in range(1, 4)
    }
    assert len(masks) == 12


def test_hidden_1_keeps_its_mean_over_many_passes():
    passes = [thinned_network.forward(1, 0.3, True, n).values[1] for n in range(3000)]
    inference = thinned_network.forward(1, 0.3, False).values[1]
    assert np.mean(passes, axis=0) == pytest.approx(inference, rel=0.06)
