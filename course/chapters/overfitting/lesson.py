"""What this chapter's notebooks import: the data, the pictures and the widgets. Every name here is used by a notebook.

Importing this must never import TensorFlow.
"""

from __future__ import annotations

from course.chapters.overfitting.benefit_figures import benefit_picture, impact_table, learning_picture
from course.chapters.overfitting.studies import load_studies
from course.chapters.overfitting.widgets import border_map, exam, stopper
from course.lessons.digits import load_digits
from course.lessons.networks import Recipe, logits_of, train_epochs
from course.lessons.patient_pictures import error_curves_picture
from course.lessons.patients import load_patients

__all__ = [
    "Recipe",
    "benefit_picture",
    "border_map",
    "error_curves_picture",
    "exam",
    "impact_table",
    "learning_picture",
    "load_digits",
    "load_patients",
    "load_studies",
    "logits_of",
    "stopper",
    "train_epochs",
]
