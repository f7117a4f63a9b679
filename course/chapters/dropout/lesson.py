"""What this chapter's notebooks import: the widgets that a learner moves, and the pictures and numbers that cells show.

Every name here is used by a notebook. To add a widget: write a pure function that returns a Picture, then an Explorer
in widgets.py with a control per argument, and name it here. Importing this must never import TensorFlow.
"""

from __future__ import annotations

from course.chapters.dropout.benefit import load_benefit
from course.chapters.dropout.benefit_figures import benefit_picture, rate_curves_picture
from course.chapters.dropout.ensemble import ensemble_averages, load_small_nets
from course.chapters.dropout.impact import impact_table, rate_table
from course.chapters.dropout.layer_figures import masks_picture
from course.chapters.dropout.summary_card import keep_card
from course.chapters.dropout.sweep import load_sweep
from course.chapters.dropout.uncertainty import knows_0_to_7, mc_passes, plain, seen_and_unseen
from course.chapters.dropout.uncertainty_figures import entropy_picture
from course.chapters.dropout.widgets import (
    adaptation_lab,
    backward_lab,
    batch_masks,
    conventions_lab,
    ensemble_lab,
    epochs_lab,
    label_noise_explorer,
    moments_lab,
    network_drawing,
    order_builder,
    partners_lab,
    spot_the_bug,
    staffing_simulator,
    sweep_lab,
    uncertainty_lab,
    variance_shift_lab,
    variants_gallery,
)
from course.lessons.digits import load_digits, rotated
from course.lessons.masks import dropout_mask
from course.lessons.metrics import auc, entropy, prediction_scores, softmax
from course.lessons.networks import Recipe, logits_of, train
from course.lessons.patients import load_patients

__all__ = [
    "Recipe",
    "adaptation_lab",
    "auc",
    "backward_lab",
    "batch_masks",
    "benefit_picture",
    "conventions_lab",
    "dropout_mask",
    "ensemble_averages",
    "ensemble_lab",
    "entropy",
    "entropy_picture",
    "epochs_lab",
    "impact_table",
    "keep_card",
    "knows_0_to_7",
    "label_noise_explorer",
    "load_benefit",
    "load_digits",
    "load_patients",
    "load_small_nets",
    "load_sweep",
    "logits_of",
    "masks_picture",
    "mc_passes",
    "moments_lab",
    "network_drawing",
    "order_builder",
    "partners_lab",
    "plain",
    "prediction_scores",
    "rate_curves_picture",
    "rate_table",
    "rotated",
    "seen_and_unseen",
    "softmax",
    "spot_the_bug",
    "staffing_simulator",
    "sweep_lab",
    "train",
    "uncertainty_lab",
    "variance_shift_lab",
    "variants_gallery",
]
