"""Every widget of the chapter: an Explorer with a control for each argument of a pure picture.

Numbers that take a moment (a small network to train) are made once, by cached functions. It must never import
TensorFlow, and a widget must never keep anything that a learner did.
"""

from __future__ import annotations

from functools import partial

import ipywidgets

from course.chapters.dropout import ensemble, placement, uncertainty
from course.chapters.dropout.bug_cards import bug_cards
from course.chapters.dropout.ensemble_figures import ensemble_picture
from course.chapters.dropout.layer_figures import backward_picture, batch_masks_picture, moments_picture
from course.chapters.dropout.network_figures import network_picture
from course.chapters.dropout.placement_figures import order_picture, variance_shift_picture
from course.chapters.dropout.staffing import PROJECTS_PER_DAY
from course.chapters.dropout.staffing_figures import habits_picture, staffing_picture
from course.chapters.dropout.studies import load_studies
from course.chapters.dropout.study_figures import conventions_picture, epochs_picture, partners_picture
from course.chapters.dropout.sweep import AXES, load_sweep
from course.chapters.dropout.sweep_figures import Rerun, heatmap_picture, label_noise_picture
from course.chapters.dropout.thinned_network import N_SAMPLES
from course.chapters.dropout.uncertainty_figures import passes_picture
from course.chapters.dropout.variant_figures import variants_picture
from course.language import _
from course.lessons.cards import CardDeck
from course.lessons.controls import choice, count_slider, number_slider, stops_slider, switch
from course.lessons.digits import load_digits, rotated
from course.lessons.explorer import Explorer, Values
from course.lessons.metrics import accuracy
from course.lessons.networks import Recipe, logits_of, train_epochs
from course.lessons.picture import Picture

STOPS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
PASS_STOPS = (1, 2, 5, 10, 20, 50, 100, 200)
ENSEMBLE_ROWS = 100
PICKED = 12  # digits of each kind to pick from
FIRST_SEED_HERE = 100  # apart from the stored sweep's


def rate_slider(value: float, low: float = 0.0, high: float = 0.9, step: float = 0.05) -> ipywidgets.FloatSlider:
    """The slider that nearly every widget has."""
    return number_slider(_("Rate"), value, low, high, step)


def _next_step(values: Values) -> Values:
    return {"step": values["step"] + 1}


def label_noise_explorer() -> Explorer:
    """The rate, and what becomes of the wrong labels (256 units a layer)."""
    summary = _("Wrong labels: set the rate; bars show how many the network repeats, and how many it corrects.")
    return Explorer(summary, partial(label_noise_picture, load_sweep()), {"rate": rate_slider(0.5, step=0.1)})


def staffing_simulator() -> Explorer:
    """The company: a rate slider, days and projects to step through, and a switch to the presentation."""

    def next_project(values: Values) -> Values:
        if values["project"] < PROJECTS_PER_DAY:
            return {"project": values["project"] + 1}
        return {"project": 1, "day": values["day"] + 1}

    return Explorer(
        _("Staffing simulator: set the rate, step through days and projects, switch to the presentation."),
        staffing_picture,
        {"rate": rate_slider(0.3), "presentation": switch(_("Mode"), {_("Training"): False, _("Presentation"): True})},
        {"day": 1, "project": 1},
        {_("Next project"): next_project, _("Next day"): lambda values: {"day": values["day"] + 1, "project": 1}},
    )


def adaptation_lab() -> Explorer:
    """How a team shares its work after training with absences."""
    summary = _("Team adaptation: set the rate and see whose estimate counts, and what Ada's absence costs.")
    return Explorer(summary, habits_picture, {"rate": rate_slider(0.5)})


def network_drawing() -> Explorer:
    """A 6-8-8-3 network in single training steps: choose sample, rate and mode, and go from step to step."""
    return Explorer(
        _("Network drawing: choose sample, rate and mode; dropped neurons are crossed out."),
        network_picture,
        {
            "sample": choice(_("Sample"), {str(n): n for n in range(1, N_SAMPLES + 1)}),
            "rate": rate_slider(0.5),
            "training": switch(_("Mode"), {_("Training"): True, _("Inference"): False}),
        },
        {"step": 1},
        {_("Next step"): _next_step},
    )


def batch_masks() -> Explorer:
    """Three ways to draw masks for a batch, of which one is dropout."""
    ways = {_("A mask for every sample"): "own", _("One mask for all"): "shared", _("An exact number"): "quota"}
    return Explorer(
        _("Masks of a batch: choose how they are drawn, set the rate, go from step to step."),
        batch_masks_picture,
        {"way": choice(_("Masks"), ways), "rate": rate_slider(0.3)},
        {"step": 1},
        {_("Next step"): _next_step},
    )


def moments_lab() -> Explorer:
    """Mean kept, variance not: the number of draws, and the rate."""
    return Explorer(
        _("Mean and variance: set the number of draws and the rate; the mean settles at x, the variance grows."),
        moments_picture,
        {"draws": stops_slider(_("Draws"), STOPS, 1_000), "rate": rate_slider(0.5)},
    )


def conventions_lab() -> Explorer:
    """Classic, inverted, and the rule that is wrong, at any rate."""
    return Explorer(
        _("Two conventions and a wrong rule: set the rate; bars show what is passed on, and confidence."),
        partial(conventions_picture, load_studies()),
        {"rate": rate_slider(0.3, low=0.1, high=0.8, step=0.1)},
    )


def backward_lab() -> Explorer:
    """The mask on the gradient: how often is a neuron without any gradient?"""
    return Explorer(
        _("Backward pass: set batch size and rate; see through which samples each neuron gets a gradient."),
        backward_picture,
        {"batch": count_slider(_("Samples in the batch"), 4, 1, 16), "rate": rate_slider(0.4)},
        {"step": 1},
        {_("Next step"): _next_step},
    )


def epochs_lab() -> Explorer:
    """What fit reports, against evaluate and validation."""

    def draw(rate: float, labels: str) -> Picture:
        return epochs_picture(load_studies().curve(rate, labels), rate, labels)

    labels = {_("all right"): "right", _("30 % wrong"): "noisy"}
    return Explorer(
        _("What fit reports: set rate and labels; compare it with evaluate and with validation."),
        draw,
        {"rate": rate_slider(0.6, high=0.8, step=0.1), "labels": switch(_("Labels"), labels)},
    )


def sweep_lab() -> Explorer:
    """The stored sweep as a heatmap, and a button that trains the chosen point again with a new seed."""
    bar = ipywidgets.IntProgress(max=Recipe().epochs, description=_("Epochs"))
    bar.layout.visibility = "hidden"

    def draw(key: str, width: int, rate: float, reruns: tuple[Rerun, ...]) -> Picture:
        return heatmap_picture(load_sweep(), key, width, rate, reruns)

    labels = {_("30 % wrong"): "test", _("all right"): "test_clean"}
    widths = {str(width): int(width) for width in AXES["width"].tolist()}
    lab = Explorer(
        _("Rate and width: choose labels, width and rate, and train that point again with a new seed."),
        draw,
        {
            "key": switch(_("Labels"), labels),
            "width": choice(_("Units per layer"), widths),
            "rate": rate_slider(0.6, step=0.1),
        },
        {"reruns": ()},
        {_("Train here, new seed"): partial(_train_here, bar)},
    )
    lab.controls["width"].value = 128
    lab.children = (*lab.children, bar)
    return lab


def _train_here(bar: ipywidgets.IntProgress, values: Values) -> Values:
    """Trains the point of the sweep that is chosen, with a seed of its own each time; the bar shows the epochs."""
    runs, key, width, rate = values["reruns"], values["key"], values["width"], values["rate"]
    seed = FIRST_SEED_HERE + len(runs)
    digits = load_digits(0.0 if key == "test_clean" else 0.3, seed=seed)
    bar.value, bar.layout.visibility = 0, "visible"
    for layers in train_epochs(digits.x_train, digits.y_train, Recipe(width=width, rate=rate), seed):
        trained = layers
        bar.value += 1
    bar.layout.visibility = "hidden"
    right = accuracy(logits_of(trained, digits.x_validation), digits.y_validation)
    return {"reruns": (*runs, Rerun(key, width, rate, seed, right))}


def order_builder() -> Explorer:
    """Two hidden blocks: choose the order of their layers and where dropout comes, and read the advice."""
    blocks = {" → ".join(block): block for block in placement.BLOCKS}
    words = (_("both blocks"), _("the last block only"), _("no dropout"), _("after the output"))
    return Explorer(
        _("Layer order: choose the order of a block and where dropout comes; read standard deviations and advice."),
        order_picture,
        {
            "block": choice(_("Order of each block"), blocks),
            "where": choice(_("Dropout in"), dict(zip(words, placement.PLACES, strict=True))),
            "rate": rate_slider(0.5),
        },
    )


def variance_shift_lab() -> Explorer:
    """Dropout before BatchNorm, or after it."""
    summary = _("Variance shift: set the rate; compare the variance learnt in training with that at inference.")
    return Explorer(summary, variance_shift_picture, {"rate": rate_slider(0.5)})


def partners_lab() -> Explorer:
    """Dropout, L2, max-norm and their pairs, with and without early stopping."""
    stopping = {_("no"): False, _("yes"): True}
    return Explorer(
        _("Dropout and its partners: accuracy of seven remedies, with and without early stopping."),
        partial(partners_picture, load_studies()),
        {"early_stopping": switch(_("Early stopping"), stopping)},
    )


def ensemble_lab() -> Explorer:
    """All 2⁸ thinned networks against the one scaled network."""
    digits, nets = load_digits(wrong_share=0.0), ensemble.load_small_nets()
    rows = slice(0, ENSEMBLE_ROWS)

    def draw(depth: str, rate: float, row: int) -> Picture:
        near = min(ensemble.RATES, key=lambda known: abs(known - rate))
        averages = ensemble.ensemble_averages(nets[depth, near], digits.x_test[rows], near)
        return ensemble_picture(averages, digits.y_test[rows], row - 1, near)

    depths = {_("softmax only"): "one", _("another ReLU layer"): "two"}
    return Explorer(
        _("The ensemble claim: all 256 thinned networks against the scaled one, for one digit and for 100."),
        draw,
        {
            "depth": switch(_("After the dropout layer"), depths),
            "rate": rate_slider(0.2, low=0.1, high=0.7, step=0.1),
            "row": count_slider(_("Digit"), 1, 1, ENSEMBLE_ROWS),
        },
    )


def uncertainty_lab() -> Explorer:
    """Choose a digit of a learnt or an unseen class, rotate it, and predict many times."""
    net, known = uncertainty.knows_0_to_7(), uncertainty.seen_and_unseen()

    def draw(digit: tuple[bool, int], degrees: int, n_passes: int) -> Picture:
        unseen, row = digit
        rows, labels = (known.unseen, known.unseen_labels) if unseen else (known.seen, known.seen_labels)
        image = rotated(rows[row], degrees)
        passes = uncertainty.passes_of(net, image, n_passes)
        name = _("A {n}, rotated by {degrees}°") if degrees else _("A {n}")
        return passes_picture(
            image, passes, uncertainty.plain(net, image[None])[0], name.format(n=labels[row], degrees=degrees)
        )

    picks = {_("unseen: {n} ({i})").format(n=known.unseen_labels[i], i=i + 1): (True, i) for i in range(PICKED)}
    picks |= {_("learnt: {n} ({i})").format(n=known.seen_labels[i], i=i + 1): (False, i) for i in range(PICKED)}
    return Explorer(
        _("Monte Carlo dropout: choose a digit, a rotation, a number of passes; read standard deviation, entropy."),
        draw,
        {
            "digit": choice(_("Digit"), picks),
            "degrees": count_slider(_("Rotated by (degrees)"), 0, 0, 180, 15),
            "n_passes": stops_slider(_("Passes"), PASS_STOPS, 50),
        },
    )


def variants_gallery() -> Explorer:
    """Dropout and three relatives on a small feature map."""
    kinds = {
        "Dropout": "standard",
        "SpatialDropout1D": "spatial",
        "GaussianDropout": "gaussian",
        "AlphaDropout": "alpha",
    }
    return Explorer(
        _("Relatives of dropout: choose one, set the rate, go from step to step."),
        variants_picture,
        {"variant": choice(_("Layer"), kinds), "rate": rate_slider(0.3)},
        {"step": 1},
        {_("Next step"): _next_step},
    )


def spot_the_bug() -> CardDeck:
    """Eight snippets with a mistake each."""
    cards = bug_cards()
    summary = _("Spot the bug: {n} cards with code, three guesses each, and a reply to every guess.")
    return CardDeck(cards, summary.format(n=len(cards)), _("What is wrong here?"))
