"""Writes quizzes/quiz.schema.json, with which an editor helps an author to write a quiz.

    python -m course.authoring.schema

Made from the model, never by hand; a test tells when it is stale.
"""

from __future__ import annotations

import json
from pathlib import Path

from course.catalog import course_root
from course.quiz.model import Quiz

SCHEMA_FILE = "quiz.schema.json"


def schema_text() -> str:
    """The JSON Schema of a quiz file, as text that ends with a newline."""
    schema = Quiz.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "A quiz of the course"
    del schema["properties"]["slug"]  # it is the file's name
    schema["required"].remove("slug")
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def schema_path() -> Path:
    return course_root() / "quizzes" / SCHEMA_FILE


if __name__ == "__main__":
    schema_path().write_text(schema_text(), encoding="utf-8")
