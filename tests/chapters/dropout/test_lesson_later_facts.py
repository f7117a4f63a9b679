"""Every number in the lesson's later prose (variance, rates, partners, ensemble, Monte Carlo, relatives), asserted."""

from __future__ import annotations

import re

import numpy as np
import pytest

from course.chapters.dropout import layer, lesson, uncertainty
from course.chapters.dropout.studies import load_studies
from tests.chapters.dropout.test_lesson_facts import near, states


def lines(lesson_run, cell_id: str) -> list[str]:
    return lesson_run.printed(cell_id).strip().splitlines()


def decimals(text: str) -> list[float]:
    return [float(n) for n in re.findall(r"\d+\.\d+(?:e[+-]\d+)?", text)]


def test_what_becomes_of_the_lies_at_other_rates(lesson_run):
    states(lesson_run, "lies-rates-saw", "still repeats 96 %", "at 0.5 a quarter", "only 6 %", "88 % are put right")
    states(lesson_run, "lies-rates-saw", "falls to 35 %")
    sweep = lesson.load_sweep()
    assert [round(sweep.mean("memorised", 256, rate), 2) for rate in (0.1, 0.5, 0.7)] == [0.96, 0.25, 0.06]
    right = [sweep.mean("put_right", 256, rate) for rate in sweep.rates]
    assert sweep.rates[int(np.argmax(right))] == near(0.7, 1e-6)
    assert max(right) == near(0.88, 0.005)
    assert sweep.mean("test", 256, 0.9) == near(0.35, 0.005)
    assert sweep.mean("memorised", 256, 0.9) < 0.15


def test_rows_of_a_batch_keep_what_chance_gives(lesson_run):
    states(lesson_run, "batch-masks-saw", "16.8 of 24", "13 to 21", "each row keeps 17", "repeated 16 times")
    assert near(16.8, 1e-9) == 24 * 0.7
    own, quota = (layer.batch_kept(way, 0.3).sum(axis=1) for way in ("own", "quota"))
    assert (own.min(), own.max()) == (13, 21)
    assert set(quota) == {17}
    assert not (layer.batch_kept("own", 0.3) == layer.batch_kept("own", 0.3, 2)).all(axis=1).any()


def test_the_mean_is_kept_and_the_variance_is_not(lesson_run):
    states(lesson_run, "moments-saw", "mean stays at 1.00", "from 1 to 1.50, 3.00 and 9.00")
    found = np.array([decimals(line) for line in lines(lesson_run, "moments-measure")])
    assert found[:, 1] == near(np.ones(3), 0.011)
    assert found[:, 2] == near(np.array([1.5, 3.0, 9.0]), 0.05)
    assert found[:, 3].tolist() == [1.5, 3.0, 9.0]


def test_a_running_mean_needs_hundreds_of_draws_and_more_at_a_higher_rate(lesson_run):
    states(lesson_run, "moments-saw", "needs hundreds of draws", "the higher the rate, the more")
    spread_of_one = [np.sqrt(rate / (1 - rate)) for rate in (0.2, 0.5, 0.8)]
    assert spread_of_one == sorted(spread_of_one)
    assert 100 < (spread_of_one[1] / 0.05) ** 2 < 1000  # within 5 % of x at rate 0.5


def test_keep_and_rate_coincide_at_one_half_and_hurt_elsewhere(lesson_run):
    states(lesson_run, "conventions-saw", "confidence 0.66 and loss 0.47", "confidence 0.22", "above 0.94", "(0.36)")
    studies = load_studies()
    _right, keep, rate = studies.rule_scores(0.5).values()
    assert keep == rate
    assert (round(keep["confidence"], 2), round(keep["nll"], 2)) == (0.66, 0.47)
    _right, keep, rate = studies.rule_scores(0.7).values()
    assert round(keep["confidence"], 2) == 0.22 < rate["confidence"]
    up_to_seven = [s["accuracy"] for n in range(1, 8) for s in studies.rule_scores(n / 10).values()]
    assert min(up_to_seven) > 0.94
    assert round(studies.rule_scores(0.8)["×(1 − rate)"]["accuracy"], 2) == 0.36


def test_a_neuron_is_rarely_without_gradient(lesson_run):
    states(lesson_run, "backward-lab-saw", "one neuron in forty (0.4⁴ ≈ 0.026)", "neuron 3", "below one in a thousand")
    assert near(1 / 40, 0.001) == 0.4**4
    assert 0.4**8 < 0.001
    assert np.flatnonzero(layer.batch_gradients(0.4, 4).whole == 0).tolist() == [2]


def test_evaluate_drops_nothing_fit_does_and_the_tape_alone_does_not(lesson_run):
    states(lesson_run, "which-calls-tape-intro", "`evaluate` reports 0.00", "about 0.25")
    evaluated, fitted = (decimals(line)[0] for line in lines(lesson_run, "which-calls-fit"))
    assert evaluated == 0.0
    assert fitted == near(0.25, 0.02)
    states(lesson_run, "which-calls-tape-saw", "0.000 and again 0.000", "`model(x)` trains **without** dropout")
    plain, training = (decimals(line) for line in lines(lesson_run, "which-calls-tape"))
    assert plain == [0.0, 0.0]
    assert training == near([0.25, 0.25], 0.03)
    assert training[0] != training[1]


def test_fits_own_line_lags_and_evaluate_praises_learnt_lies(lesson_run):
    states(lesson_run, "epochs-saw", "it reports 0.83", "finds 0.97", "ends at 1.00", "ends at 0.81")
    studies = load_studies()
    curve = studies.curve(0.6, "right")
    assert [round(curve[name][9], 2) for name in ("fit", "evaluate")] == [0.83, 0.97]
    none, half = studies.curve(0.0, "noisy"), studies.curve(0.5, "noisy")
    assert [round(c["evaluate"][-1], 2) for c in (none, half)] == [1.0, 0.81]
    assert half["validation"][-1] > none["validation"][-1] + 0.1
    clean = studies.curve(0.0, "right")
    assert abs(clean["fit"][9] - clean["evaluate"][9]) < 0.01


def test_the_best_rate_moves_right_as_rows_get_wider(lesson_run):
    states(lesson_run, "rate-lab-saw", "0.1, 0.6, 0.7, 0.8", "some hundredths", "almost flat")
    sweep = lesson.load_sweep()
    assert [sweep.best_rate(int(width)) for width in sweep.widths] == near([0.1, 0.6, 0.7, 0.8], 1e-6)
    spans = np.ptp(sweep.results["test"].values[:, :8], axis=2)
    assert 0.02 < np.median(spans) < 0.06
    flat = sweep.results["test_clean"].values[1:, :6].mean(axis=2)
    assert np.ptp(flat, axis=1).max() < 0.02


def test_dropout_may_stand_on_either_side_of_relu_and_not_of_a_sigmoid(lesson_run):
    states(lesson_run, "placement-saw", "*Before or behind ReLU* makes no difference", "sigmoid(0) is 0.5")
    assert [line.split()[-1] for line in lines(lesson_run, "activation-order")] == ["True", "False"]


def test_the_variance_shift_in_keras_is_the_formulas(lesson_run):
    states(lesson_run, "variance-shift-saw", "about 0.64 instead of 1", "it is 1.00", "Li et al. 2018")
    before, behind = (decimals(line)[-1] for line in lines(lesson_run, "variance-shift-keras"))
    assert before == near(0.64, 0.02)
    assert behind == near(1.0, 0.02)


def test_partners_and_rivals(lesson_run):
    states(lesson_run, "partners-saw", "0.778; max-norm 0.871; L2 at its best strength 0.899", "dropout's 0.914")
    states(lesson_run, "partners-saw", "*pixels* as well does: 0.933", "0.897 to 0.930")
    studies = load_studies()
    final = {name: studies.partner(name)[1].mean() for name in _partners()}
    assert [f"{final[n]:.3f}" for n in ("nothing", "max-norm", "L2", "dropout", "dropout, inputs too")] == [
        *("0.778", "0.871", "0.899", "0.914", "0.933"),
    ]
    assert abs(final["dropout + max-norm"] - final["dropout"]) < 0.01
    assert abs(final["dropout + L2"] - final["dropout"]) < 0.01
    stopped = [studies.partner(name)[2].mean() for name in _partners()]
    assert (round(min(stopped), 3), round(max(stopped), 3)) == (0.897, 0.930)


def _partners():
    return ("nothing", "max-norm", "L2", "dropout", "dropout + max-norm", "dropout + L2", "dropout, inputs too")


def test_the_ensemble_claim_is_exact_for_one_layer_and_fails_in_a_tiny_deep_one(lesson_run):
    states(
        lesson_run,
        "crowd-saw",
        "agree to the last digit, at every rate",
        "(0.903 against 0.907)",
        "0.663 against 0.847",
    )
    found = [decimals(line.split("rate ")[1]) for line in lines(lesson_run, "crowd-run")]
    for rate, gap, geometric, arithmetic, scaled in found[:2]:
        assert gap < 1e-12, rate
        assert geometric == scaled > arithmetic
    assert [row[2:] for row in found[2:]] == near(np.array([[0.907, 0.903, 0.903], [0.847, 0.847, 0.663]]), 0.0015)


def test_monte_carlo_lowers_false_confidence(lesson_run):
    states(lesson_run, "uncertainty-saw", "puts 0.81", "0.65, against 0.93", "only 15 %", "0.94", "down to 0.79")
    rows = [decimals(line) for line in lines(lesson_run, "uncertainty-run")]
    assert rows[:3] == near(np.array([[0.98, 0.93], [0.94, 0.79], [0.81, 0.65]]), 0.012)
    assert rows[3] == near([0.15], 0.012)


def test_monte_carlo_tells_strangers_no_better_than_the_plain_entropy(lesson_run):
    states(lesson_run, "uncertainty-saw", "(0.933 against 0.932)", "93 of 100 pairs")
    plain, mean = (decimals(line)[0] for line in lines(lesson_run, "uncertainty-auc")[:2])
    assert (plain, mean) == near((0.933, 0.932), 0.003)


def test_the_eight_that_nearly_every_pass_calls_a_three(lesson_run):
    states(lesson_run, "uncertainty-saw", 'nearly every pass calls a 3 ("never seen: 8 (2)"')
    known = lesson.seen_and_unseen()
    assert known.unseen_labels[1] == 8
    passes = uncertainty.passes_of(lesson.knows_0_to_7(), known.unseen[1], uncertainty.MOST_PASSES)
    assert (passes.argmax(axis=1) == 3).mean() > 0.97


def test_the_entropy_of_no_idea_is_the_logarithm_of_eight(lesson_run):
    states(lesson_run, "uncertainty", "log 8 ≈ 2.08")
    assert np.log(8) == near(2.08, 0.005)


def test_in_keras_the_plain_call_is_a_good_stand_in_for_the_average(lesson_run):
    states(lesson_run, "uncertainty-keras-saw", "about 97 of 100 cases")
    spread, agree = (decimals(line)[0] for line in lines(lesson_run, "uncertainty-keras"))
    assert agree == near(0.965, 0.025)
    assert 0.05 < spread < 0.35


@pytest.mark.parametrize(
    ("place", "zeros", "silent", "variance"),
    [(0, 0.3, 0.0, 1.43), (1, 0.3, 0.3, 1.43), (2, 0.0, 0.0, 1.43), (3, 0.0, 0.0, 1.0)],
)
def test_relatives_differ_in_zeros_channels_and_variance(lesson_run, place, zeros, silent, variance):
    states(lesson_run, "variants-saw", "30 % zeros, scattered. Variance 1.43", "mean *and* variance stay")
    assert decimals(lines(lesson_run, "variants-keras")[place]) == near([zeros, silent, variance], 0.03)


def test_when_not_to_use_it_rests_on_the_sweep(lesson_run):
    states(lesson_run, "when-not", "no rate up to 0.6", "32 units were best at rate 0.1")
    sweep = lesson.load_sweep()
    clean = [sweep.mean("test_clean", 256, rate) for rate in sweep.rates if rate < 0.65]
    assert max(clean) - min(clean) < 0.006
    assert sweep.best_rate(32) == near(0.1, 1e-6)


def test_the_card_lies_beside_the_notebook(lesson_run):
    states(lesson_run, "card-intro", "`dropout-card.png`")
    assert "Kept as dropout-card.png" in lesson_run.printed("card")
    assert (lesson_run.folder / "dropout-card.png").is_file()


def test_every_paper_is_in_the_reading_list(lesson_run):
    listed = lesson_run.prose("sources")
    for paper in ("1207.0580", "JMLR 15, 2014", "1307.1493", "1506.02142", "1801.05134", "Keras documentation"):
        assert paper in listed
    cited = " ".join(cell.source for cell in lesson_run.notebook.cells if cell.id != "sources")
    for name in ("Hinton et al. 2012", "Srivastava et al. 2014", "Wager et al. 2013", "Gal & Ghahramani 2016"):
        assert name in cited
