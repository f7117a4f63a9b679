"""What this chapter's notebooks import: the data, the pictures and the widgets. Every name here is used by a notebook.

Importing this must never import TensorFlow.
"""

from __future__ import annotations

from course.chapters.bias_variance.hospital_figures import hospitals_picture, hospitals_table
from course.chapters.bias_variance.made_rule import GRID, draw_sets, rule
from course.chapters.bias_variance.network_figures import rule_picture
from course.chapters.bias_variance.studies import load_studies
from course.chapters.bias_variance.widgets import levers, many_networks, poll_map
from course.lessons.digits import load_images
from course.lessons.side_by_side import predictions_of, train_side_by_side

__all__ = [
    "GRID",
    "draw_sets",
    "hospitals_picture",
    "hospitals_table",
    "levers",
    "load_images",
    "load_studies",
    "many_networks",
    "poll_map",
    "predictions_of",
    "rule",
    "rule_picture",
    "train_side_by_side",
]
