"""The lesson's widgets, driven as a learner does: by values and clicks."""

from __future__ import annotations

import html
import re

import pytest

from course.chapters.dropout import lesson, staffing
from tests.lesson_run import caption

WITH_RATE = [
    lesson.label_noise_explorer,
    lesson.staffing_simulator,
    lesson.adaptation_lab,
    lesson.network_drawing,
    lesson.batch_masks,
    lesson.moments_lab,
    lesson.conventions_lab,
    lesson.backward_lab,
    lesson.epochs_lab,
    lesson.sweep_lab,
    lesson.order_builder,
    lesson.variance_shift_lab,
    lesson.ensemble_lab,
    lesson.variants_gallery,
]


def number(pattern: str, text: str) -> float:
    return float(re.search(pattern, text).group(1))


@pytest.mark.parametrize("make", WITH_RATE)
def test_moving_the_rate_redraws_the_picture_once(make):
    widget, seen = make(), []
    widget.view.observe(seen.append, names="value")
    widget.controls["rate"].value = 0.7
    assert len(seen) == 1
    assert "0.7" in caption(widget)


def test_stepping_through_projects_leads_into_the_next_day():
    simulator = lesson.staffing_simulator()
    seen = [caption(simulator)]
    for _press in range(staffing.PROJECTS_PER_DAY):
        simulator.buttons["Next project"].click()
        seen.append(caption(simulator))
    assert [text.split(",")[0:2] for text in seen][:2] == [["Day 1", " project 1"], ["Day 1", " project 2"]]
    assert seen[-1].startswith("Day 2, project 1,")
    assert len(set(seen)) == len(seen)


def test_the_next_day_starts_with_its_first_project():
    simulator = lesson.staffing_simulator()
    simulator.buttons["Next project"].click()
    simulator.buttons["Next day"].click()
    assert caption(simulator).startswith("Day 2, project 1,")


def test_the_switch_leads_to_the_presentation_and_back():
    simulator = lesson.staffing_simulator()
    before = simulator.view.value
    simulator.controls["presentation"].value = True
    assert "every project gets exactly 100" in caption(simulator)
    simulator.controls["presentation"].value = False
    assert simulator.view.value == before


def test_the_network_drawing_follows_pass_sample_and_mode():
    drawing = lesson.network_drawing()
    drawing.buttons["Next step"].click()
    assert caption(drawing).startswith("Training step 2, sample 1, rate 0.50. Dropped, counted from the top:")
    drawing.controls["sample"].value = 3
    assert caption(drawing).startswith("Training step 2, sample 3, rate 0.50")
    drawing.controls["training"].value = False
    inference = caption(drawing)
    assert "all 16 hidden neurons take part" in inference
    drawing.buttons["Next step"].click()
    assert caption(drawing) == inference


def test_the_adaptation_lab_spreads_the_work_as_the_rate_grows():
    lab, shares = lesson.adaptation_lab(), []
    assert lab.controls["rate"].value == 0.5
    for rate in (0.0, 0.3, 0.6, 0.9):
        lab.controls["rate"].value = rate
        shares.append(int(re.search(r"gives Ada (\d+) % of the weight", caption(lab)).group(1)))
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 2 * shares[-1]


def test_wrong_labels_give_way_to_the_right_digits_as_the_rate_grows():
    lab = lesson.label_noise_explorer()
    lab.controls["rate"].value = 0.7
    wrong, right = number(r"(\d+) % of the wrong labels", caption(lab)), number(r"(\d+) % corrected", caption(lab))
    assert wrong < 10
    assert right > 80


def test_masks_are_shared_or_counted_only_where_chosen():
    lab = lesson.batch_masks()
    assert "16 different masks among 16 samples" in caption(lab)
    lab.controls["way"].value = "shared"
    assert "step 1: 1 different masks among 16 samples" in caption(lab)
    lab.controls["way"].value = "quota"
    assert "keeps 17 of 24" in caption(lab)


def test_more_draws_bring_the_mean_to_x_and_the_rate_raises_the_variance():
    lab = lesson.moments_lab()
    lab.controls["draws"].value = 10_000
    assert number(r"outputs is (\d+\.\d+)", caption(lab)) == pytest.approx(3.0, abs=0.1)
    assert number(r"formula: ([\d.]+)\)", caption(lab)) == 3.0
    lab.controls["rate"].value = 0.8
    assert number(r"formula: ([\d.]+)\)", caption(lab)) == 9.0


def test_keep_and_rate_rules_look_alike_only_at_one_half():
    lab = lesson.conventions_lab()
    for rate, alike in ((0.2, False), (0.5, True), (0.7, False)):
        lab.controls["rate"].value = rate
        _right, keep, wrong = re.findall(r"× [\d.]+: ([^;]*?)[;.](?= |$)", caption(lab))
        assert (keep == wrong) is alike


def test_a_neuron_is_without_gradient_only_where_every_sample_missed_it():
    lab = lesson.backward_lab()
    assert "Neuron 3 gets no gradient" in caption(lab)
    lab.controls["batch"].value = 1
    assert "Neuron 2, 3, 5 gets no gradient" in caption(lab)
    lab.controls["batch"].value = 16
    assert "Every neuron gets a gradient" in caption(lab)


def test_fit_reports_less_than_evaluate_under_dropout_only():
    lab = lesson.epochs_lab()
    assert "fit reports 0.83, evaluate 0.97" in caption(lab)
    lab.controls["labels"].value = "noisy"
    lab.controls["rate"].value = 0.0
    assert "1.00, 1.00" in caption(lab)


def test_a_point_trained_here_is_told_and_starred_with_a_new_seed_each_time():
    lab = lesson.sweep_lab()
    for n in (1, 2):
        lab.buttons["Train here, new seed"].click()
        assert len(lab.state["reruns"]) == n
    first, second = lab.state["reruns"]
    assert (first.width, first.rate) == (128, 0.6)
    assert first.seed != second.seed
    assert all(0.85 < run.accuracy < 0.98 for run in (first, second))
    assert f"seed {second.seed}: {second.accuracy:.3f}" in caption(lab)
    assert lab.children[-1].value == lab.children[-1].max
    lab.controls["key"].value = "test_clean"
    assert "Trained here" not in caption(lab)


def test_the_builder_starts_with_stacked_blocks_to_mend_and_finds_nothing_in_the_mended_ones():
    lab = lesson.order_builder()
    assert "Dense → BatchNorm → ReLU → Dropout → Dense → BatchNorm → ReLU → Dropout → Output" in caption(lab)
    assert "! Layer 4: A BatchNorm comes after this dropout" in caption(lab)
    lab.controls["where"].value = "last"
    assert "✔ No known problem" in caption(lab)
    lab.controls["where"].value = "output"
    assert "✘ Layer 8: Dropout after the output" in caption(lab)


def test_only_dropout_before_batchnorm_narrows_its_output():
    lab = lesson.variance_shift_lab()
    assert "standard deviation of 0.63 instead of 1" in caption(lab)
    assert caption(lab).endswith("standard deviation 1.00.")
    lab.controls["rate"].value = 0.0
    assert "standard deviation of 1.00" in caption(lab)


def test_early_stopping_lifts_the_network_without_other_remedies():
    lab = lesson.partners_lab()
    assert "no remedy 0.778" in caption(lab)
    lab.controls["early_stopping"].value = True
    assert "no remedy 0.897" in caption(lab)


def test_the_geometric_mean_is_exact_until_a_relu_follows():
    lab = lesson.ensemble_lab()
    assert number(r"([\de.-]+) for the geometric mean", caption(lab)) < 1e-9
    lab.controls["depth"].value = "two"
    assert number(r"([\de.-]+) for the geometric mean", caption(lab)) > 0.01


def test_an_unseen_class_and_a_turned_digit_can_be_asked_with_more_or_fewer_passes():
    lab = lesson.uncertainty_lab()
    assert caption(lab).startswith("A 8, 50 passes: the mean gives class 3")
    lab.controls["digit"].value = (False, 0)
    calm = number(r"Entropy of the mean: ([\d.]+)", caption(lab))
    lab.controls["degrees"].value = 90
    assert number(r"Entropy of the mean: ([\d.]+)", caption(lab)) > calm
    assert caption(lab).startswith("A 5, rotated by 90°")
    lab.controls["digit"].value = (True, 0)
    lab.controls["n_passes"].value = 200
    assert "200 passes" in caption(lab)


def test_the_gallery_tells_scattered_zeros_from_silent_channels_and_from_none():
    lab, seen = lesson.variants_gallery(), {}
    for kind in ("standard", "spatial", "gaussian", "alpha"):
        lab.controls["variant"].value = kind
        seen[kind] = tuple(int(n) for n in re.search(r"(\d+) of 240 .* in (\d+) of 10", caption(lab)).groups())
    assert seen["standard"][0] > 40
    assert seen["standard"][1] == 0
    assert seen["spatial"][0] == 24 * seen["spatial"][1] > 0
    assert seen["gaussian"] == seen["alpha"] == (0, 0)


# --- cards ------------------------------------------------------------------------------------------------------------


def test_every_guess_on_every_card_has_its_reply_and_one_is_right():
    deck = lesson.spot_the_bug()
    assert 40 < len(repr(deck)) < 110
    for place, card in enumerate(deck.cards):
        deck.card.value = place
        assert html.escape(card.code) in deck.code.value
        assert deck.guess.value is None
        replies = []
        for guess in range(3):
            deck.guess.value = guess
            replies.append(html.unescape(re.sub("<[^>]+>", "", deck.reply.value)))
            assert card.guesses[guess].reply in replies[-1]
        assert [reply[0] for reply in replies].count("✔") == 1
        assert replies[card.place].startswith("✔ Yes.")
    assert f"Found: {len(deck.cards)} of {len(deck.cards)}." in deck.reply.value


def test_right_guesses_stand_in_every_place():
    assert {card.place for card in lesson.spot_the_bug().cards} == {0, 1, 2}
