"""The chapter's front door for notebooks: widgets that a learner moves, and the pictures that cells show.

Everything comes from the modules beside it, by topic; importing it must never import TensorFlow. To add a widget: write
a pure function that returns a Picture, then an Explorer in widgets.py with a control per argument.
"""

from __future__ import annotations

from course.chapters.dropout.charts import (
    curves_picture,
    epochs_picture,
    heatmap_picture,
    lies_at_picture,
    rule_scores,
    rules_picture,
    sweep_picture,
)
from course.chapters.dropout.crowd_figures import crowd_picture, entropy_picture, passes_picture
from course.chapters.dropout.digits import load_digits
from course.chapters.dropout.ensemble import crowd, load_small_nets
from course.chapters.dropout.explorer import Explorer, ProgressBar
from course.chapters.dropout.figures import (
    company_picture,
    digits_picture,
    habits_picture,
    masks_picture,
    network_picture,
)
from course.chapters.dropout.layer_figures import (
    backward_picture,
    batch_masks_picture,
    conventions_picture,
    moments_picture,
)
from course.chapters.dropout.numpy_net import Recipe, accuracy_with_absences, dropout_mask, logits_of, softmax, train
from course.chapters.dropout.practice_figures import (
    order_picture,
    partners_picture,
    variance_shift_picture,
    variants_picture,
)
from course.chapters.dropout.studies import load_studies
from course.chapters.dropout.summary_card import keep_card, summary_card
from course.chapters.dropout.sweep import load_sweep
from course.chapters.dropout.uncertainty import auc, entropy, knows_0_to_7, mc_passes, plain, rotated, strangers
from course.chapters.dropout.widgets import (
    adaptation_lab,
    backward_lab,
    batch_masks,
    conventions_lab,
    crowd_lab,
    epochs_lab,
    lies_explorer,
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

__all__ = [
    "Explorer",
    "ProgressBar",
    "Recipe",
    "accuracy_with_absences",
    "adaptation_lab",
    "auc",
    "backward_lab",
    "backward_picture",
    "batch_masks",
    "batch_masks_picture",
    "company_picture",
    "conventions_lab",
    "conventions_picture",
    "crowd",
    "crowd_lab",
    "crowd_picture",
    "curves_picture",
    "digits_picture",
    "dropout_mask",
    "entropy",
    "entropy_picture",
    "epochs_lab",
    "epochs_picture",
    "habits_picture",
    "heatmap_picture",
    "keep_card",
    "knows_0_to_7",
    "lies_at_picture",
    "lies_explorer",
    "load_digits",
    "load_small_nets",
    "load_studies",
    "load_sweep",
    "logits_of",
    "masks_picture",
    "mc_passes",
    "moments_lab",
    "moments_picture",
    "network_drawing",
    "network_picture",
    "order_builder",
    "order_picture",
    "partners_lab",
    "partners_picture",
    "passes_picture",
    "plain",
    "rotated",
    "rule_scores",
    "rules_picture",
    "softmax",
    "spot_the_bug",
    "staffing_simulator",
    "strangers",
    "summary_card",
    "sweep_lab",
    "sweep_picture",
    "train",
    "uncertainty_lab",
    "variance_shift_lab",
    "variance_shift_picture",
    "variants_gallery",
    "variants_picture",
]
