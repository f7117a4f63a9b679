"""What this chapter's notebooks import: the data, the pictures and the widgets. Every name here is used by a notebook.

Importing this must never import TensorFlow.
"""

from __future__ import annotations

from course.chapters.norm_penalties.sensor_figures import benefit_picture
from course.chapters.norm_penalties.sensors import exact_fit, load_sensors
from course.chapters.norm_penalties.studies import load_studies
from course.chapters.norm_penalties.widgets import one_weight, packing
from course.chapters.norm_penalties.worth import worth_table

__all__ = [
    "benefit_picture",
    "exact_fit",
    "load_sensors",
    "load_studies",
    "one_weight",
    "packing",
    "worth_table",
]
