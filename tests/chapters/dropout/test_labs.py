"""The lesson's data, its NumPy network, its pictures and its widgets, as a learner meets them."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import matplotlib
import matplotlib.style
import numpy as np
import pytest
from course.chapters.dropout.digits import load_images
from course.chapters.dropout.picture import Picture
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from PIL import Image

from course.chapters.dropout import company, labs, numpy_net, small_net

RATES = st.integers(0, 18).map(lambda n: n / 20)


def texts(picture: Picture) -> list[str]:
    return [text.get_text() for axes in picture.figure.axes for text in axes.texts]


def an_image(picture: Picture) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture.png())).convert("RGB"))


# --- imports ----------------------------------------------------------------------------------------------------------


def test_importing_the_labs_loads_neither_tensorflow_nor_pyplot():
    script = (
        "import sys; from course.chapters.dropout import labs; "
        "print([m for m in ('tensorflow', 'keras', 'matplotlib.pyplot', 'sklearn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


# --- data -------------------------------------------------------------------------------------------------------------


def test_the_digits_are_all_there():
    x, y = load_images()
    assert x.shape == (1797, 64)
    assert (x.min(), x.max()) == (0.0, 1.0)
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize(("share", "n_lies"), [(0.0, 0), (0.3, 150), (1.0, 500)])
def test_exactly_the_asked_share_of_training_labels_is_wrong(share, n_lies):
    digits = labs.load_digits(share, seed=5)
    assert digits.lied.sum() == n_lies
    assert np.array_equal(digits.y_train != digits.y_true, digits.lied)
    assert set(np.unique(digits.y_train)) <= set(range(10))


def test_training_validation_and_test_rows_are_all_the_digits_once():
    digits = labs.load_digits()
    parts = [digits.x_train, digits.x_validation, digits.x_test]
    assert [len(part) for part in parts] == [500, 297, 1000]
    assert np.array_equal(np.sort(np.concatenate(parts), axis=0), np.sort(load_images()[0], axis=0))


def test_the_same_seed_gives_the_same_lies_and_another_seed_others():
    first, again, other = labs.load_digits(seed=1), labs.load_digits(seed=1), labs.load_digits(seed=2)
    assert np.array_equal(first.y_train, again.y_train)
    assert not np.array_equal(first.y_train, other.y_train)


@pytest.mark.parametrize("share", [-0.1, 1.5])
def test_an_impossible_share_of_lies_is_refused_with_its_value(share):
    with pytest.raises(ValueError, match=re.escape(repr(share))):
        labs.load_digits(share)


# --- the NumPy network ------------------------------------------------------------------------------------------------


@given(rate=st.floats(0.0, 0.95), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_mask_holds_zero_or_the_compensation_and_keeps_about_its_share(rate, seed):
    mask = labs.dropout_mask(np.random.default_rng(seed), (100, 200), rate)
    kept = mask > 0
    assert np.allclose(mask[kept], 1 / (1 - rate), rtol=1e-5)
    assert kept.mean() == pytest.approx(1 - rate, abs=0.03)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 2.0, float("nan")])
def test_a_rate_outside_the_range_is_refused_with_its_value(rate):
    for refuses in (
        lambda: labs.dropout_mask(np.random.default_rng(0), (2, 2), rate),
        lambda: company.effort(rate),
        lambda: small_net.forward(1, rate, training=True),
    ):
        with pytest.raises(ValueError, match=re.escape(repr(rate))):
            refuses()


def test_the_gradient_with_masks_is_the_slope_of_the_loss():
    rng = np.random.default_rng(3)
    layers = [(w.astype(float), b.astype(float) + 0.1) for w, b in numpy_net.initial_layers([4, 6, 6, 3], rng)]
    x, targets = rng.normal(size=(5, 4)), np.eye(3)[[0, 1, 2, 1, 0]]

    def loss() -> float:
        dice, hidden = np.random.default_rng(8), x
        for weights, biases in layers[:-1]:
            mask = labs.dropout_mask(dice, (5, weights.shape[1]), 0.4)
            hidden = np.maximum(hidden @ weights + biases, 0) * mask
        probabilities = labs.softmax(hidden @ layers[-1][0] + layers[-1][1])
        return float(-(targets * np.log(probabilities)).sum(axis=1).mean())

    gradients, _said = numpy_net._gradients(layers, x, targets, (0.4, 0.4), np.random.default_rng(8))
    for array, gradient in zip([a for layer in layers for a in layer], gradients, strict=True):
        place = tuple(rng.integers(0, n) for n in array.shape)
        step, before = 1e-5, array[place]
        array[place] = before + step
        above = loss()
        array[place] = before - step
        below = loss()
        array[place] = before
        assert gradient[place] == pytest.approx((above - below) / (2 * step), abs=1e-6)


def test_the_same_seed_trains_the_same_network():
    digits, recipe = labs.load_digits(), labs.Recipe(width=16, rate=0.3, epochs=2)
    first, second = (labs.train(digits.x_train, digits.y_train, recipe, seed=4) for _ in range(2))
    assert all(
        np.array_equal(a, b) for one, two in zip(first, second, strict=True) for a, b in zip(one, two, strict=True)
    )


def test_absences_cost_nothing_when_nobody_is_away_and_all_when_everybody_is():
    digits = labs.load_digits(lie_share=0.0)
    net = labs.train(digits.x_train, digits.y_train, labs.Recipe(width=64, epochs=10))
    right = (labs.logits_of(net, digits.x_test).argmax(axis=1) == digits.y_test).mean()
    assert labs.accuracy_with_absences(net, digits.x_test, digits.y_test, away=0.0) == pytest.approx(right)
    assert labs.accuracy_with_absences(net, digits.x_test, digits.y_test, away=1.0) < 0.2


# --- pictures ---------------------------------------------------------------------------------------------------------

ROWS = np.full((2, 64), 0.5)
PICTURES = {
    "company": lambda: labs.company_picture(0.3, day=2, project=4),
    "presentation": lambda: labs.company_picture(0.3, presentation=True),
    "habits": lambda: labs.habits_picture(0.5),
    "network": lambda: labs.network_picture(2, 0.5),
    "masks": lambda: labs.masks_picture({"own": labs.dropout_mask(np.random.default_rng(0), (4, 6), 0.5)}),
    "digits": lambda: labs.digits_picture(np.zeros((3, 64)), [1, 2, 3], [1, 2, 4]),
    "curves": lambda: labs.curves_picture({"plain": {"accuracy": [0.2, 0.9], "val_accuracy": [0.1, 0.5]}}),
    "sweep": lambda: labs.sweep_picture(labs.load_sweep()),
    "lies": lambda: labs.lies_at_picture(labs.load_sweep(), 0.5),
    "batch masks": lambda: labs.batch_masks_picture("own", 0.3),
    "moments": lambda: labs.moments_picture(0.5, 100),
    "conventions": lambda: labs.conventions_picture(labs.load_studies(), 0.2),
    "backward": lambda: labs.backward_picture(0.4, 4),
    "epochs": lambda: labs.epochs_picture(labs.load_studies().curve(0.6, "right"), 0.6, "right"),
    "heatmap": lambda: labs.heatmap_picture(labs.load_sweep(), "test", 256, 0.5),
    "order": lambda: labs.order_picture(["Dense", "Dropout", "BatchNorm", "ReLU", "Output"]),
    "variance shift": lambda: labs.variance_shift_picture(0.5),
    "partners": lambda: labs.partners_picture(labs.load_studies()),
    "crowd": lambda: labs.crowd_picture(labs.crowd(labs.load_small_nets()["one", 0.5], ROWS, 0.5), [3, 3], 1, 0.5),
    "passes": lambda: labs.passes_picture(ROWS[0], np.full((4, 8), 0.125), np.full(8, 0.125), "A grey square"),
    "entropy": lambda: labs.entropy_picture(np.array([0.1, 0.3]), np.array([0.9, 1.4])),
    "variants": lambda: labs.variants_picture("spatial", 0.3),
    "card": labs.summary_card,
    "rules": lambda: labs.rules_picture({"×1": {"accuracy": 0.9, "confidence": 0.8, "nll": 2.5}}),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_alt_caption_and_titles_and_comes_out_the_same_twice(name):
    picture = PICTURES[name]()
    assert len(picture.alt) > 20
    assert len(picture.caption) > 20
    assert all(axes.get_title(loc="left") or axes.get_title() for axes in picture.figure.axes)
    assert np.array_equal(an_image(picture), an_image(PICTURES[name]()))
    assert picture.caption in repr(picture)


@pytest.mark.parametrize("name", [name for name in PICTURES if name not in ("digits", "order", "passes")])
def test_a_pictures_axes_are_labelled(name):
    for axes in PICTURES[name]().figure.axes:
        assert axes.get_xlabel()
        assert axes.get_ylabel() or not len(axes.get_yticks())


def test_a_picture_stays_white_whatever_style_is_set():
    usual = an_image(labs.company_picture(0.3))
    with matplotlib.rc_context():
        matplotlib.style.use("dark_background")
        assert np.array_equal(an_image(labs.company_picture(0.3)), usual)
    assert usual[0, 0].tolist() == [255, 255, 255]


def test_text_beside_a_picture_is_escaped():
    picture = Picture(labs.habits_picture(0.1).figure, 'a "quoted" <alt>', "<b>bold</b> & more")
    assert 'alt="a &quot;quoted&quot; &lt;alt&gt;"' in picture.html()
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in picture.html()


def office_marks(picture: Picture) -> tuple[int, int]:
    """Filled and hollow circles of the office."""
    filled, hollow, _crosses = picture.figure.axes[0].collections
    assert to_hex(hollow.get_facecolor()[0]) == "#ffffff" if len(hollow.get_facecolor()) else True
    return len(filled.get_offsets()), len(hollow.get_offsets())


@given(rate=RATES, day=st.integers(1, 500))
@settings(max_examples=10, deadline=None)
def test_the_office_shows_who_is_present_and_what_projects_get(rate, day):
    present = company.attendance(rate, day)
    picture = labs.company_picture(rate, day)
    assert office_marks(picture) == (present.sum(), (~present).sum())
    shown = [float(text.split("→")[1]) for text in texts(picture)]
    assert shown == [float(f"{value:.0f}") for value in company.delivered(present, rate)]


def test_at_the_presentation_everybody_is_in_and_every_project_gets_100():
    for rate in (0.0, 0.2, 0.9):
        picture = labs.company_picture(rate, day=3, presentation=True)
        assert office_marks(picture) == (50, 0)
        assert {text.split("→")[1].strip() for text in texts(picture)} == {"100"}
        assert all("×1.00" in text for text in texts(picture))


def test_projects_of_one_day_have_their_own_absentees_and_days_differ():
    day = company.attendance(0.5, day=1)
    assert len({tuple(row) for row in day}) == company.PROJECTS_PER_DAY
    assert not np.array_equal(day, company.attendance(0.5, day=2))
    assert np.array_equal(day, company.attendance(0.5, day=1))


def test_a_higher_rate_only_adds_absentees_to_the_same_day():
    low, high = company.attendance(0.2, day=7), company.attendance(0.6, day=7)
    assert (low | ~high).all()
    assert high.sum() < low.sum()


def test_the_company_caption_names_the_absent():
    picture = labs.company_picture(0.3, day=1, project=2)
    present = company.attendance(0.3, day=1)[1]
    away = ", ".join(name for name, here in zip(company.STAFF, present, strict=True) if not here)
    assert f"Away: {away}." in picture.caption
    assert "×1.43 effort" in picture.caption
    assert "Away: nobody." in labs.company_picture(0.0).caption


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.8])
@pytest.mark.parametrize("sample", [1, 4])
def test_the_network_crosses_out_the_dropped_and_marks_each_survivor_with_its_factor(rate, sample):
    state, picture = small_net.forward(sample, rate, training=True), labs.network_picture(sample, rate)
    n_dropped = sum(len(units) for units in state.dropped)
    factor = f"×{1 / (1 - rate):.2f}"
    assert texts(picture).count("0") == n_dropped
    assert texts(picture).count(factor) == 16 - n_dropped
    faded = [c for c in picture.figure.axes[0].collections if type(c).__name__ == "LineCollection"][::2]
    alive = [np.outer(a, b).sum() for a, b in zip(state.kept[:-1], state.kept[1:], strict=True)]
    assert [len(lines.get_segments()) for lines in faded] == [48 - alive[0], 64 - alive[1], 24 - alive[2]]


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.9])
def test_in_inference_no_pass_and_no_rate_changes_the_network(rate):
    usual, now = small_net.forward(3, 0.0, training=False), small_net.forward(3, rate, training=False, pass_number=9)
    assert all(np.array_equal(a, b) for a, b in zip(usual.values, now.values, strict=True))
    drawn = labs.network_picture(3, rate, training=False)
    assert texts(drawn).count("×1.00") == 16
    assert "unchanged (×1.00)" in drawn.caption


def test_passes_and_samples_draw_masks_of_their_own():
    masks = {
        tuple(np.concatenate(small_net.forward(sample, 0.5, True, n).kept[1:3]))
        for sample in range(1, 5)
        for n in range(1, 4)
    }
    assert len(masks) == 12


def test_hidden_1_keeps_its_mean_over_many_passes():
    passes = [small_net.forward(1, 0.3, True, n).values[1] for n in range(3000)]
    inference = small_net.forward(1, 0.3, False).values[1]
    assert np.mean(passes, axis=0) == pytest.approx(inference, rel=0.06)


def test_the_digit_row_marks_wrong_labels_by_more_than_colour():
    titles = [axes.get_title() for axes in PICTURES["digits"]().figure.axes]
    assert titles == ["told 1", "told 2", "told 3 ✘"]
