"""Grades many submissions and hands each result to the one writer. One after the other for now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from course.catalog import Catalog
from course.grading.gradebook import ClassFolder
from course.grading.kernels import Isolation
from course.grading.run import grade_folder


def grade_class(
    catalog: Catalog, slug: str, submissions: Mapping[str, Path], class_folder: ClassFolder, isolation: Isolation
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields (student, result as JSON-ready dict) as each is stored. Every submission ends in a row.

    A fault of ours on one submission is told in its row (status 'needs attention') and stores no score for it.
    """
    class_folder.require_assignment(slug)
    for student, folder in submissions.items():
        try:
            result = grade_folder(catalog, slug, folder, isolation)
            class_folder.store(result, student, folder)
            yield student, result.as_json()
        except Exception as error:  # whatever it is, the rest of the class is still to be graded
            yield student, _unstored(slug, error)


def _unstored(slug: str, error: Exception) -> dict[str, Any]:
    reason = f"The grader failed, and no score was stored: {type(error).__name__}: {error}"
    return {
        "chapter": slug,
        "status": "needs attention",
        "score": 0.0,
        "max_score": 0.0,
        "reason": reason,
        "cells": {},
    }
