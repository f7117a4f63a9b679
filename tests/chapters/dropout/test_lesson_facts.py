"""Every number and every claim about Keras that the lesson's prose states.

Where a cell of the lesson computes the number, its own output is compared with the prose; tolerances leave room for
other processors' rounding, never for another story.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from keras import layers

from course.chapters.dropout import staffing, thinned_network
from course.chapters.dropout.benefit import linear_errors, load_benefit
from course.chapters.dropout.impact import impact_table
from course.chapters.dropout.staffing_figures import staffing_picture
from course.chapters.dropout.sweep import load_sweep
from course.chapters.overfitting.stopping import digits_last_and_best, last_and_best
from course.chapters.overfitting.studies import load_studies
from course.lessons.patients import load_patients

near = pytest.approx


def lines(lesson, cell_id: str) -> list[str]:
    return lesson.printed(cell_id).strip().splitlines()


def percent(values) -> tuple[float, float]:
    """Mean and standard deviation over seeds, in per cent, as a reader sees them."""
    return round(100 * values.mean(), 1), round(100 * values.std(ddof=1), 1)


# --- what dropout is worth --------------------------------------------------------------------------------------------


def test_dropout_lowers_the_test_error_for_every_seed_by_more_than_the_spread(lesson_run):
    lesson_run.states("benefit-saw", "13 points on the training patients and 54 on new ones", "(33 points, measured")
    lesson_run.states("benefit-saw", "(47 points)", "So the plain network overfits: another setting does worse on the")
    lesson_run.states("benefit", "the patients of Chapter 1 again, with the same splits and the same network")
    theirs = last_and_best(load_studies(), "test")[0]
    assert theirs.mean() == near(100 * load_benefit().error.at(rate=0.0, part="test").values.mean(), abs=1)
    error = load_benefit().error
    means = {
        (rate, part): 100 * error.at(rate=rate, part=part).values for rate in (0.0, 0.5) for part in ("train", "test")
    }
    assert {key: round(values.mean()) for key, values in means.items()} == {
        (0.0, "train"): 13,
        (0.0, "test"): 54,
        (0.5, "train"): 33,
        (0.5, "test"): 47,
    }
    gains = means[0.0, "test"] - means[0.5, "test"]
    assert len(gains) == 5
    assert (gains > 0).all()
    assert (round(gains.mean()), round(gains.std(ddof=1))) == (7, 3)
    for text in (
        "13 and 54 points without dropout, 33 and 47 with it",
        "lowers the test error for 5 of 5 seeds, by 7 ± 3 points",
    ):
        assert text in lesson_run.printed("benefit-run")


def test_a_straight_line_does_about_as_well_as_the_network_with_dropout(lesson_run):
    lesson_run.states("benefit-saw", "Linear regression, the dotted line", "(46 points)")
    errors = []
    for seed in range(5):
        patients = load_patients(seed)
        design, test = (np.c_[x, np.ones(len(x))] for x in (patients.x_train, patients.x_test))
        weights = np.linalg.lstsq(design, patients.y_train, rcond=None)[0]
        errors.append(100 * np.abs(test @ weights - patients.y_test).mean())
    assert round(np.mean(errors)) == 46
    assert 100 * linear_errors().at(part="test").values == near(np.array(errors))
    assert "42 and 46 by linear regression" in lesson_run.printed("benefit-run")


def test_the_patients_are_described_as_they_are(lesson_run):
    lesson_run.states(
        "benefit",
        "442 patients with diabetes",
        "Ten measurements",
        "from 25 to 346 points",
        "142 are test patients",
    )
    patients = load_patients()
    everyone = np.concatenate([patients.y_train, patients.y_validation, patients.y_test])
    assert patients.x_train.shape == (200, 10)
    assert (len(everyone), len(patients.y_test)) == (442, 142)
    assert (100 * everyone.min(), 100 * everyone.max()) == near((25, 346))


# --- what it is -------------------------------------------------------------------------------------------------------


def test_values_become_zero_or_one_and_a_quarter_times_themselves(lesson_run):
    lesson_run.states("one-mask-saw", "0 or 1.25 times itself", "Only outputs became 0")
    lesson_run.states("one-mask-saw", "Three of the ten were dropped")
    after = lesson_run.printed("one-mask").split("after: ")[1]
    values = np.array([float(v) for v in after.strip(" []\n").split()])
    assert set(np.unique(values / np.arange(1, 11))) == {0.0, 1.25}
    assert len(values) == 10
    assert (values == 0).sum() == 3


def test_the_mask_multiplies_the_gradient_as_well(lesson_run):
    lesson_run.states("one-mask-saw", "The gradient is multiplied by the same mask")
    import tensorflow as tf

    x = tf.Variable(np.full((4, 6), 2.0, dtype=np.float32))
    with tf.GradientTape() as tape:
        out = layers.Dropout(0.4, seed=3)(x, training=True)
        loss = tf.reduce_sum(3.0 * out)
    mask = out.numpy() / 2.0
    assert 0 < (mask == 0).sum() < mask.size
    assert tape.gradient(loss, x).numpy() == near(3.0 * mask)


def test_the_weights_at_a_dropped_neuron_get_no_gradient_from_the_sample(lesson_run):
    lesson_run.states("one-mask-saw", "the weights into and out of a dropped neuron get zero gradient")
    import tensorflow as tf

    first, drop, second = layers.Dense(40), layers.Dropout(0.5, seed=1), layers.Dense(1)
    with tf.GradientTape() as tape:
        hidden = drop(first(np.ones((1, 3))), training=True)
        answer = second(hidden)
    into, out_of = (each.numpy() for each in tape.gradient(answer, [first.kernel, second.kernel]))
    dropped = hidden.numpy()[0] == 0
    assert 0 < dropped.sum() < 40
    for gradient in (into.T, out_of):
        assert (gradient[dropped] == 0).all()
        assert (gradient[~dropped] != 0).any()


def test_each_convention_agrees_with_itself_and_the_wrong_rule_with_neither(lesson_run):
    lesson_run.states("conventions", "At rate 0.2, a value of 4.0", "on average it counts 3.2")
    lesson_run.states("conventions", "by the *rate*: 0.2 × 4.0 = 0.8")
    lesson_run.states(
        "conventions",
        "| Keras (*inverted dropout*) | 4.0 / 0.8 = 5.0 | 4.0 | 4.0 |",
        "| Srivastava et al. 2014 | 4.0 | 3.2 | 0.8 × 4.0 = 3.2 |",
    )
    value, rate = 4.0, 0.2
    keep = np.random.default_rng(0).random(1_000_000) >= rate
    in_keras = np.array(layers.Dropout(rate)(np.full((1000, 100), value), training=True))
    assert set(np.unique(in_keras)) == {0.0, 5.0}
    assert in_keras.mean() == near(4.0, abs=0.05)
    assert set(np.unique(layers.Dropout(rate)(np.full((10, 10), value), training=False))) == {4.0}
    assert (value * keep).mean() == near(3.2, abs=0.01)
    assert value * rate == near(0.8)


# --- the company ------------------------------------------------------------------------------------------------------


def test_the_first_days_projects_get_what_the_text_says(lesson_run):
    lesson_run.states(
        "company-saw", "With three people away, project 1 gets 7 × 10 × 1.43 = 100 units", "get 86 or 114"
    )
    lesson_run.states("company-saw", "the mean over 10,000 projects is 100")
    present = staffing.attendance(0.3, day=1)
    assert (~present[0]).sum() == 3
    got = [round(value) for value in staffing.delivered(present, 0.3)]
    assert got[0] == 100
    assert set(got[1:]) == {86, 114}
    assert "7 × 10 × 1.43 = 100 units of work" in staffing_picture(0.3).caption


@pytest.mark.parametrize("rate", np.arange(0, 19) / 20)
def test_the_mean_project_gets_100_at_every_rate(rate):
    assert staffing.many_deliveries(rate).mean() == near(100, abs=3)


def test_at_rate_09_more_than_a_third_of_the_projects_get_nothing(lesson_run):
    lesson_run.states("company-saw", "more than a third of the projects get nothing")
    assert (staffing.many_deliveries(0.9) == 0).mean() > 1 / 3
    assert 0.9 ** len(staffing.STAFF) > 1 / 3


def test_adaptation_and_robustness(lesson_run):
    lesson_run.states("adaptation-saw", "Ada has 55 %", "she has 22 %", "the typical miss is 59 %")
    lesson_run.states("adaptation-saw", "43 % for the other", "With everyone in, it is 22 % and 30 %")
    lesson_run.states("adaptation-saw", "Rate 0.9: the trained team misses by 71 % without Ada")
    assert round(100 * staffing.learned_habits(0.9).miss_without_first) == 71
    never, half = (staffing.learned_habits(rate) for rate in (0.0, 0.5))
    assert [round(100 * team.shares[0]) for team in (never, half)] == [55, 22]
    assert (half.shares[1:] > never.shares[1:]).all()
    assert [round(100 * never.miss), round(100 * never.miss_without_first)] == [22, 59]
    assert [round(100 * half.miss), round(100 * half.miss_without_first)] == [30, 43]


def test_a_typical_miss_is_a_root_mean_square_error_in_shares_of_a_typical_cost(lesson_run):
    lesson_run.states("adaptation", "its root mean square error, in per cent of a typical cost")
    rng, weights = np.random.default_rng(0), staffing.learned_weights(0.5)
    cost = 7.0 * rng.normal(size=200_000)
    estimates = cost[:, None] + 7.0 * rng.normal(size=(len(cost), len(staffing.STAFF))) * staffing.UNSTEADINESS
    miss = np.sqrt(np.mean((estimates @ weights - cost) ** 2)) / np.sqrt(np.mean(cost**2))
    assert miss == near(staffing.learned_habits(0.5).miss, abs=0.005)


def test_the_weights_are_what_least_squares_with_absences_finds():
    rate, rng = 0.5, np.random.default_rng(0)
    wanted = rng.normal(size=200_000)
    estimates = wanted[:, None] + rng.normal(size=(len(wanted), len(staffing.STAFF))) * staffing.UNSTEADINESS
    thinned = estimates * (rng.random(estimates.shape) >= rate) / (1 - rate)
    assert np.linalg.lstsq(thinned, wanted, rcond=None)[0] == near(staffing.learned_weights(rate), abs=0.01)


# --- impact -----------------------------------------------------------------------------------------------------------


def test_the_impact_is_told_with_mean_and_spread(lesson_run):
    lesson_run.states("impact-saw", "from 77.8 ± 0.9 % to 90.1 ± 1.8 %")
    lesson_run.states("impact-saw", "to 79.5 % without", "only to 93.5 % with it")
    lesson_run.states(
        "impact",
        "(mean ± standard deviation over four seeds)",
        "1. *Stress test*: 30 % of the training labels are wrong.",
        "4. All labels right.",
    )
    sweep, absences = load_sweep(), load_benefit().absences
    assert len(sweep.seeds) == 4

    def told(study) -> list[tuple[float, float]]:
        """At rates 0 and 0.5, over the sweep's seeds."""
        runs = [[study.at(rate=rate, seed=seed).values for seed in range(4)] for rate in (0.0, 0.5)]
        return [percent(np.array(of_rate)) for of_rate in runs]

    wanted = {
        "30 % wrong labels": told(sweep.results["test"].at(width=256)),
        "30 % wrong labels, 32 neurons a layer": told(sweep.results["test"].at(width=32)),
        "30 % wrong labels, early stopping": told(sweep.results["test_stopped"].at(width=256)),
        "right labels": told(absences.at(away=0.0)),
        "right labels, half of the neurons off": told(absences.at(away=0.5)),
    }
    stress, narrow, stopped, _right, off = wanted.values()
    assert stress == [(77.8, 0.9), (90.1, 1.8)]
    assert [mean for mean, _spread in off] == [79.5, 93.5]
    assert narrow[0] == (88.1, 0.6)
    lesson_run.states("impact-saw", "With only 32 neurons a layer, the network reaches 88.1 % without dropout")
    assert narrow[1][0] < narrow[0][0] - narrow[0][1]  # harm
    lesson_run.states("impact-saw", "There a rate of 0.5, which leaves about 16 neurons, does harm")
    lesson_run.states("impact-saw", "and 91.4 % is the best result of the stress test")
    assert stopped[1][0] == 91.4 == max(mean for rows in (stress, narrow, stopped) for mean, _spread in rows)
    shown = [re.split(r"  +", line.strip()) for line in lines(lesson_run, "impact-run")[1:]]
    assert {name: [tuple(map(float, value.split(" ± "))) for value in values] for name, *values in shown} == wanted


def test_what_dropout_changes_is_told_seed_by_seed(lesson_run):
    lesson_run.states("impact-saw", "under 2 percentage points (seed by seed, the differences are 1.7 ± 0.5)")
    lesson_run.states("impact-saw", "gains 0.5 ± 0.2 points, seed by seed, but a fifth seed lost 0.6: no clear")
    stopped, absences = load_sweep().results["test_stopped"].at(width=256), load_benefit().absences.at(away=0.0)
    assert percent(stopped.at(rate=0.5).values - stopped.at(rate=0.0).values) == (1.7, 0.5)
    gains = absences.at(rate=0.5).values - absences.at(rate=0.0).values
    assert percent(gains[:4]) == (0.5, 0.2)
    assert [round(100 * gain, 1) for gain in gains[4:]] == [-0.6]
    assert abs(gains.mean()) < gains.std(ddof=1)


def test_the_stress_test_is_that_of_chapter_1_without_its_fifth_seed(lesson_run):
    lesson_run.states("impact-saw", "four of the five seeds of Chapter 1, so it is 77.8 here and 77.4 there")
    there = digits_last_and_best(load_studies(), 0.3, "test")[0]
    here = load_sweep().results["test"].at(width=256, rate=0.0).values
    assert len(there) == 5
    assert here == near(there[:4], abs=1e-6)
    assert (percent(here)[0], percent(there)[0]) == (77.8, 77.4)


def test_in_narrow_layers_a_low_rate_does_no_harm(lesson_run):
    lesson_run.states("impact-saw", "does harm; for narrow layers try 0 to 0.2")
    narrow = load_sweep().results["test"].at(width=32)
    for rate in (0.1, 0.2):
        changes = narrow.at(rate=rate).values - narrow.at(rate=0.0).values
        assert abs(changes.mean()) < changes.std(ddof=1)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_columns_of_the_impact_stand_below_each_other_in_every_language(lang, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_LANG", lang)
    impact_table(load_sweep(), load_benefit())
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 6
    (width,) = {len(line) for line in printed}
    assert width <= 70  # characters that a cell shows in a row in a window of 1,000 pixels


# --- the network ------------------------------------------------------------------------------------------------------


def test_the_network_drawings_numbers(lesson_run):
    lesson_run.states(
        "network-saw",
        "passes on 2.34.",
        "it passes on half as much, 1.17",
        "Where the figure says 0.00 there, `relu` has cut off a negative value",
    )
    assert round(thinned_network.forward(1, 0.5, False).values[1][0], 2) == 1.17
    shown, inference = (thinned_network.forward(1, 0.5, training) for training in (True, False))
    assert round(shown.values[1][0], 2) == 2.34
    kept = shown.kept[2] & (inference.values[2] > 0)
    assert not np.allclose(shown.values[2][kept], 2 * inference.values[2][kept])  # layer 2: not simply doubled
    assert any((inference.values[depth] == 0).any() for depth in (1, 2))


# --- the rate ---------------------------------------------------------------------------------------------------------


def test_four_rates_are_compared_seed_by_seed_on_validation_patients_and_the_test_error_comes_last(lesson_run):
    lesson_run.states("rate-saw", "smallest mean, 47.8 points", "Test errors must not guide the choice")
    lesson_run.states("rate-saw", "For every seed, no dropout is worse than that, by 4.9 ± 1.0 points")
    lesson_run.states("rate-saw", "Rate 0.2 is worse for every seed too, but only by 2.0 ± 1.9 points")
    lesson_run.states("rate-saw", "Rate 0.7, at 0.7 ± 2.8, is better for some seeds and worse for others")
    pattern = r"rate ([\d.]+): ([\d.]+) ± ([\d.]+) points(?:, ([\d.]+) ± ([\d.]+) more than at 0.5)?"
    shown = {float(rate): numbers for rate, *numbers in re.findall(pattern, lesson_run.printed("rate-scores"))}
    assert {rate: tuple(numbers) for rate, numbers in shown.items()} == {
        0.0: ("52.7", "4.1", "4.9", "1.0"),
        0.2: ("49.8", "4.9", "2.0", "1.9"),
        0.5: ("47.8", "4.1", "", ""),
        0.7: ("48.5", "4.3", "0.7", "2.8"),
    }
    errors = load_benefit().error.at(part="validation")
    more = {rate: errors.at(rate=rate).values - errors.at(rate=0.5).values for rate in (0.0, 0.2, 0.7)}
    assert (more[0.0] > 0).all()
    assert (more[0.2] > 0).all()
    assert (more[0.7] > 0).any()
    assert (more[0.7] < 0).any()


def test_when_not_to_use_it_rests_on_the_table(lesson_run):
    lesson_run.states("when-not", "**The layers are narrow**: a rate of 0.5 did harm in the second row of that table")
    lesson_run.states("when-not", "**A simpler model does as well**, such as linear regression on these patients")
    assert "32 neurons a layer" in lines(lesson_run, "impact-run")[2]
    linear = linear_errors().at(part="test").values
    for rate in (0.2, 0.5, 0.7):
        assert linear.mean() < load_benefit().error.at(rate=rate, part="test").values.mean()


# --- the end ----------------------------------------------------------------------------------------------------------


def test_the_card_is_beside_the_notebook(lesson_run):
    lesson_run.states("summary", "saves these points on one page beside the notebook")
    assert "Kept as dropout-card.png" in lesson_run.printed("card")
    assert (lesson_run.folder / "dropout-card.png").is_file()


def test_every_paper_that_is_cited_is_linked_or_named_at_the_end(lesson_run):
    listed = lesson_run.prose("where-next")
    for paper in ("1207.0580", "jmlr.org/papers/v15/srivastava14a", "Efron et al. 2004", "keras.io"):
        assert paper in listed
    cited = " ".join(cell.source for cell in lesson_run.notebook.cells if cell.id != "where-next")
    for name in re.findall(r"[A-Z]\w+ et al\. \d{4}", cited):
        assert name in listed, name
