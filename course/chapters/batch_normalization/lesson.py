"""What this chapter's notebooks import: the data, the pictures and the widgets. Every name here is used by a notebook.

Importing this must never import TensorFlow.
"""

from __future__ import annotations

from course.chapters.batch_normalization.studies import load_studies
from course.chapters.batch_normalization.widgets import modes, rates, scores
from course.chapters.batch_normalization.worth import worth_table
from course.lessons.digits import load_digits

__all__ = ["load_digits", "load_studies", "modes", "rates", "scores", "worth_table"]
