"""Every number that the lesson's prose states: compared with what its cells print, or with the stored runs."""

from __future__ import annotations

import itertools
import re
from typing import Any

import numpy as np
import pytest

from course.chapters.overfitting.border_figures import border_picture, mislabelled
from course.chapters.overfitting.borders import load_borders
from course.chapters.overfitting.early_stopping import stop_of
from course.chapters.overfitting.exam import DETAILS, QUESTIONS, study
from course.chapters.overfitting.exam_figures import exam_picture
from course.chapters.overfitting.stopper_figures import stopper_picture
from course.chapters.overfitting.stopping import digits_last_and_best, last_and_best, patient_errors
from course.chapters.overfitting.studies import load_studies
from course.chapters.overfitting.widgets import border_map, exam
from course.keras_loading import load_keras
from course.lessons import patients as patients_module
from course.lessons.digits import load_digits
from course.lessons.metrics import accuracy
from course.lessons.networks import Recipe, logits_of, train
from course.lessons.patients import load_patients, patient_network
from tests.lesson_run import LessonRun

STUDIES = load_studies()


def rounded(values: np.ndarray, digits: int = 0) -> tuple[float, float]:
    """Mean and standard deviation over seeds, as a reader sees them."""
    return round(float(values.mean()), digits), round(float(values.std(ddof=1)), digits)


# --- what the last epochs cost ----------------------------------------------------------------------------------------


def test_the_patients_are_described_as_they_are(lesson_run: LessonRun) -> None:
    lesson_run.states("benefit-intro", "442 patients", "Ten measurements", "from 25 to 346", "200 patients")
    lesson_run.states("benefit-intro", "five seeds, which decide the split, the starting weights and the")
    lesson_run.states("benefit-intro", "Another 100 are **validation** patients", "142 are **test** patients")
    patients = load_patients()
    parts = [patients.y_train, patients.y_validation, patients.y_test]
    everyone = 100 * np.concatenate(parts)
    assert [len(part) for part in parts] == [200, 100, 142]
    assert (everyone.min(), everyone.max(), len(everyone)) == (pytest.approx(25), pytest.approx(346), 442)


def test_the_best_epoch_has_the_lower_test_error_for_every_seed(lesson_run: LessonRun) -> None:
    lesson_run.states("benefit-seen", "13 points on the training patients and 54 on the test patients")
    lesson_run.states("benefit-seen", "At the best epoch, it is 34 and 47 points", "one seed stands apart at 24 points")
    lesson_run.states("benefit-seen", "for all five seeds, by 7 ± 2 points")
    train, test = last_and_best(STUDIES, "train"), last_and_best(STUDIES, "test")
    assert [round(float(mean)) for mean in (*train.mean(axis=1), *test.mean(axis=1))] == [13, 34, 54, 47]
    gains = test[0] - test[1]
    assert (gains > 0).all()
    assert rounded(gains) == (7, 2)
    assert sorted(train[0].round())[-2:] == [12, 24]
    apart = patient_errors(STUDIES, int(train[0].argmax()))["train"]
    assert np.abs(np.diff(apart[-8:])).min() > 8  # up and down in each of the last epochs


# --- what overfitting is ----------------------------------------------------------------------------------------------


def test_the_split_uses_every_row_once(lesson_run: LessonRun) -> None:
    assert re.findall(r"^\d+", lesson_run.printed("split"), flags=re.MULTILINE) == ["200", "100", "142"]


def test_the_patients_are_split_as_the_lesson_shows(lesson_run: LessonRun) -> None:
    lesson_run.states("what-it-is", "as `lesson.load_patients(seed=0)` does")
    names: dict[str, Any] = {"np": np, "print": lambda *_words: None}
    exec(lesson_run.prose("split"), names)
    with np.load(patients_module.FILE) as stored:
        points = stored["progression"] / 100
    patients = load_patients(seed=0)
    for part in ("train", "validation", "test"):
        assert np.allclose(points[names[part]], getattr(patients, f"y_{part}")), part


def test_right_labels_are_learnt_first_and_wrong_ones_by_epoch_40(lesson_run: LessonRun) -> None:
    lesson_run.states("first-seen", "learnt 93 % of the right labels and repeats 3 % of the wrong ones")
    lesson_run.states("first-seen", "repeats every wrong label", "from 90 % to 72 %", "only 70 % of these")
    lesson_run.states("what-it-is", "with 30 % wrong labels, 70 % is the most that a rule reaches")
    assert load_digits(wrong_share=0.3, seed=0).mislabelled.mean() == 0.3
    caption = lesson_run.printed("first-picture")
    assert "At epoch 3 the network has learnt 93% of the right labels and repeats 3% of the wrong ones" in caption
    assert "accuracy is 66% on the training rows and 90% on the validation rows" in caption
    assert "At epoch 40 the network has learnt 100% of the right labels and repeats 100% of the wrong ones" in caption
    assert "accuracy is 100% on the training rows and 72% on the validation rows" in caption


# --- exam papers ------------------------------------------------------------------------------------------------------


def test_the_student_learns_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("analogy", "a linear model with 100 yes-or-no questions", "200 details")
    lesson_run.states("analogy-seen", "After 40 rounds", "29 of 30 misprints", "on only 75 % of the mock exam")
    lesson_run.states("analogy-seen", "Round 3: ", "3 of 30 misprints and 100 % in the mock exam")
    lesson_run.states("analogy-seen", "No misprints, round 40: all answers known, and still 100 % in the mock exam")
    assert (QUESTIONS, DETAILS) == (100, 200)
    assert exam().values == {"rounds": 40, "misprints": 30}
    told = "repeats {} of 30 misprints; in the mock exam, {}% of the answers are right"
    for rounds, found in {40: (29, 75), 3: (3, 100)}.items():
        assert told.format(*found) in exam_picture(rounds, 30).caption
    without = exam_picture(40, 0).caption
    assert "knows 100 of 100 answers in the key, which has no misprints; in the mock exam, 100% of" in without


def test_on_other_questions_too_the_clue_comes_first_and_misprints_cost_the_mock_exam() -> None:
    for seed in range(20):
        with_misprints, without = study(30, seed), study(0, seed)
        repeated = with_misprints.as_in_key[:, with_misprints.misprinted].mean(axis=1)
        assert repeated[2] < 0.4
        assert repeated[-1] > 0.95
        assert with_misprints.as_in_key[2, ~with_misprints.misprinted].all()
        assert with_misprints.mock[2] > 0.95
        assert with_misprints.mock[-1] < 0.85
        assert without.as_in_key[-1].all()
        assert without.mock[-1] > 0.99


def test_a_misprint_is_carried_by_the_details_alone() -> None:
    """Without details the student never repeats one, and the mock exam stays at its best."""
    only_clue = study(30, details=0)
    assert not only_clue.as_in_key[:, only_clue.misprinted].any()
    assert (only_clue.mock == 1).all()


# --- underfitting -----------------------------------------------------------------------------------------------------


def test_the_border_map_says_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("underfit-intro", "15 % of the labels are wrong")
    lesson_run.states("underfit-seen", "only 72 % of its training labels, and on 81 % of the validation points")
    lesson_run.states(
        "underfit-seen",
        "Epoch 100: still 72 % and 81 %",
        "400 points, epoch 2,000: 85 % of the validation points",
    )
    lesson_run.states(
        "underfit-seen", "4 neurons a layer, 100 points: 82 % of the training labels and 90 % of the validation points"
    )
    lesson_run.states("underfit-seen", "64 neurons a layer: 100 % and 75 %", "with 400, it is 82 %")
    assert mislabelled(100).mean() == 0.15
    told = "right on {}% of the training labels, wrong ones included, and on {}% of"
    shown = {(100, 0, 2000): (72, 81), (100, 0, 100): (72, 81), (100, 4, 2000): (82, 90)}
    shown |= {(100, 64, 2000): (100, 75)}
    for place, shares in shown.items():
        assert told.format(*shares) in border_picture(*place).caption
    for place, share in {(400, 0, 2000): 85, (400, 64, 2000): 82}.items():
        assert f"and on {share}% of" in border_picture(*place).caption
    opens = border_map()
    assert opens.values == {"rows": 100, "width": 0, "epoch": 2000}


def test_over_five_seeds_too_the_wide_network_with_few_points_does_worst() -> None:
    scores = load_borders().scores
    at_the_end = {
        (rows, width): scores.at(rows=rows, width=width, epoch=2000, part="validation").mean("seed").values
        for rows in (100, 400)
        for width in (0, 16, 64)
    }
    assert min(at_the_end, key=lambda place: at_the_end[place]) == (100, 64)
    assert at_the_end[100, 0] > at_the_end[100, 64] + 0.03
    assert at_the_end[400, 64] > at_the_end[100, 64] + 0.03
    straight = [
        float(scores.at(rows=rows, width=0, epoch=epoch, part="validation").mean("seed").values)
        for rows in (100, 400)
        for epoch in scores.axes["epoch"].tolist()
    ]
    assert max(straight) < scores.at(rows=400, width=4, epoch=2000, part="validation").mean("seed").values - 0.05


def test_each_cause_of_underfitting_was_measured(lesson_run: LessonRun) -> None:
    table = lesson_run.prose("underfit-seen")
    told = {cells[1].strip(): cells[3].strip() for line in table.splitlines() if len(cells := line.split("|")) == 5}
    widths, steps, long = STUDIES.widths, STUDIES.steps, STUDIES.long
    found = {
        "4 neurons a layer": widths.at(wrong_share=0.0, width=4, part="train").values,
        "8 neurons a layer, 10 epochs": long.at(epoch=10, part="train").values,
        "256 neurons, `Adam(1e-5)`": steps.at(learning_rate=1e-5, part="train").values,
        "256 neurons, `Adam(1.0)`": steps.at(learning_rate=1.0, part="train").values,
        "256 neurons, `Adam(3e-3)`": steps.at(learning_rate=3e-3, part="train").values,
    }
    assert {name: f"{100 * values.mean():.0f} %" for name, values in found.items()}.items() <= told.items()
    assert "96 % after 100" in table
    assert f"{100 * long.at(epoch=100, part='train').values.mean():.0f}" == "96"
    assert "(three seeds; mostly 40 epochs)" in table
    assert all(len(values) == 3 for values in found.values())


# --- impact -----------------------------------------------------------------------------------------------------------


def test_the_impact_is_what_the_stored_runs_show(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "impact-seen", "The last epochs cost most with 30 % wrong labels", "With 10 %, it is 90.8 % and 93.3 %"
    )
    lesson_run.states(
        "impact-seen",
        "test accuracy is 77.4 % after all epochs and 89.8 % at the best one",
        "96.4 ± 0.4 % after all epochs",
    )
    lesson_run.states(
        "impact-seen",
        "and 95.9 ± 0.2 % at the best one",
        "Training accuracy is 99.9 to 100 % on all three",
    )
    rows = [re.split(r"\s{2,}", row) for row in lesson_run.printed("impact").strip().splitlines()[2:]]
    assert [row[1:] for row in rows] == [
        ["12.6 ± 6.7", "54.2 ± 3.6", "47.2 ± 3.0"],
        ["100.0 ± 0.0", "96.4 ± 0.4", "95.9 ± 0.2"],
        ["100.0 ± 0.0", "90.8 ± 0.7", "93.3 ± 0.9"],
        ["99.9 ± 0.1", "77.4 ± 1.1", "89.8 ± 0.2"],
    ]
    last, best = 100 * digits_last_and_best(STUDIES, 0.0, "test")
    assert (last > best).all()
    costs = [
        np.subtract(*reversed(100 * digits_last_and_best(STUDIES, share, "test"))).mean() for share in (0.0, 0.1, 0.3)
    ]
    assert costs == sorted(costs)
    assert costs[0] < 0


# --- Keras ------------------------------------------------------------------------------------------------------------


def test_early_stopping_runs_14_epochs_and_keeps_epoch_9(lesson_run: LessonRun) -> None:
    lesson_run.states("keras-seen", "Epoch 9 was the best", "14 epochs instead of 40")
    lesson_run.states("keras-predict", "The hump after epoch 20")
    for part in ("train", "validation"):
        assert 20 < patient_errors(STUDIES, 0)[part][14:35].argmax() + 15 < 26
    best, ran = (int(n) for n in re.findall(r"\d+", lesson_run.printed("keras-stop")))
    assert (best, ran) == (9, 14)
    stored = patient_errors(STUDIES, 0)["validation"]
    assert (stop_of(stored, 5).best, stop_of(stored, 5).ran) == (9, 14)


def test_the_hump_comes_from_the_learning_rate(lesson_run: LessonRun) -> None:
    lesson_run.states("keras-predict", "at 0.001 the training error falls all the way")
    rises = {}
    for rate in (3e-3, 1e-3):
        keras, patients = load_keras(), load_patients(seed=0)
        keras.utils.set_random_seed(0)
        network = patient_network(keras)
        network.compile(keras.optimizers.Adam(rate), loss="mse", metrics=["mae"])
        told = network.fit(patients.x_train, patients.y_train, batch_size=20, epochs=40, verbose=0).history["mae"]
        rises[rate] = 100 * np.diff(told).max()
    assert rises[3e-3] > 5
    assert rises[1e-3] < 0.3


def test_the_errors_that_keras_evaluates_are_those_of_the_text(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "keras-seen",
        "is about 41 points; after all 40 epochs it is about 48",
        "its error is 47 points (over five seeds, 54 became 47)",
    )
    plain, stopped, test = (int(n) for n in re.findall(r"(\d+) points", lesson_run.printed("keras-evaluate")))
    assert (plain, stopped, test) == (pytest.approx(48, abs=3), pytest.approx(41, abs=1), pytest.approx(47, abs=1))


# --- choosing the patience --------------------------------------------------------------------------------------------


def test_the_stopper_says_what_the_text_says(lesson_run: LessonRun) -> None:
    lesson_run.states("choose-seen", "The five epochs in grey", "26 are saved")
    lesson_run.states("choose-seen", "stops after epoch 2, with an error of 62 points; with patience 5 it finds 49")
    lesson_run.states("choose-seen", "keeps the weights of epoch 38, with an error of 59 points instead of 48")
    first = stopper_picture(5, True, 0).caption
    assert "training stops after epoch 14. The network has the weights of epoch 9" in first
    hasty, patient = stopper_picture(1, True, 1).caption, stopper_picture(5, True, 1).caption
    assert "stops after epoch 2" in hasty
    assert "error of 62 points" in hasty
    assert "error of 49 points" in patient
    assert (
        "weights of epoch 38, with a validation error of 59 points; the best was 48"
        in stopper_picture(20, False, 2).caption
    )


def test_patience_2_5_and_10_make_no_difference_seed_by_seed_and_validation_favours_the_longer_wait(
    lesson_run: LessonRun,
) -> None:
    lesson_run.states("choose-seen", "patience 2, 5 and 10 gave test errors of 46 ± 2, 47 ± 2 and 47 ± 3 points")
    lesson_run.states("choose-seen", "Validation errors cannot compare them: the best of more epochs is never worse")
    runs = [patient_errors(STUDIES, seed) for seed in range(5)]
    kept = {
        part: [np.array([run[part][stop_of(run["validation"], wait).best - 1] for run in runs]) for wait in (2, 5, 10)]
        for part in ("validation", "test")
    }
    assert [rounded(errors) for errors in kept["test"]] == [(46, 2), (47, 2), (47, 3)]
    for shorter, longer in itertools.pairwise(kept["test"]):
        assert abs((longer - shorter).mean()) < (longer - shorter).std(ddof=1)
    for shorter, longer in itertools.pairwise(kept["validation"]):
        assert (longer <= shorter).all()


# --- when not to use it -----------------------------------------------------------------------------------------------


def test_wider_is_better_where_the_labels_are_right_and_worse_where_many_are_wrong(lesson_run: LessonRun) -> None:
    lesson_run.states(
        "limits", "from 16 to 1,024 neurons a layer *raised* the test accuracy on digits from 92 % to 97 %"
    )
    lesson_run.states("limits", "With 30 % wrong labels it fell, from 85 % to 77 %")
    narrow, wide = (100 * STUDIES.widths.at(width=width, part="test").values for width in (16, 1024))
    assert [(round(n), round(w)) for n, w in zip(narrow.mean(axis=1), wide.mean(axis=1), strict=True)] == [
        (92, 97),
        (85, 77),
    ]
    assert (wide[0] > narrow[0]).all()
    assert (wide[1] < narrow[1]).all()


def test_a_linear_model_and_dropout_do_about_as_well_on_the_patients_as_their_own_lesson_says(
    lesson_run: LessonRun,
) -> None:
    from course.chapters.dropout.benefit import linear_errors, load_benefit

    lesson_run.states("limits", "linear regression (46 points) and *dropout* (Chapter 4; 47) do about as well")
    lesson_run.states("limits", "may cost a little")
    error, linear = load_benefit().error, 100 * linear_errors().at(part="test").values
    dropout, stopped = 100 * error.at(rate=0.5, part="test").values, last_and_best(STUDIES, "test")[1]
    assert [round(float(errors.mean())) for errors in (linear, dropout, stopped)] == [46, 47, 47]
    for other in (linear, dropout):
        assert abs((stopped - other).mean()) < (stopped - other).std(ddof=1)
    both = np.stack([100 * error.at(rate=0.0, part="test").values, last_and_best(STUDIES, "test")[0]])
    assert np.ptp(both.mean(axis=1)) < 1  # the same network, trained for both chapters


def test_four_neurons_learn_slowly(lesson_run: LessonRun) -> None:
    lesson_run.states("underfit-seen", "narrow, so slow (70 % after 400)")
    recipe, reached = Recipe(width=4, epochs=400), []
    for seed in range(3):
        digits = load_digits(0.0, seed)
        network = train(digits.x_train, digits.y_train, recipe, seed)
        reached.append(accuracy(logits_of(network, digits.x_train), digits.y_train))
    assert np.mean(reached) == pytest.approx(0.70, abs=0.02)


def test_the_quiz_states_what_was_measured() -> None:
    long, widths = STUDIES.long, STUDIES.widths
    assert [f"{100 * long.at(epoch=e, part='train').values.mean():.0f}" for e in (10, 100)] == ["38", "96"]
    right = [widths.at(wrong_share=0.0, width=w, part="train").values.mean() for w in (4, 16)]
    assert [f"{100 * mean:.0f}" for mean in right] == ["34", "97"]
    seed_0 = STUDIES.digits.at(wrong_share=0.3, seed=0)
    assert [f"{seed_0.at(epoch=3, measure=part).values:.2f}" for part in ("validation", "train")] == ["0.90", "0.66"]
