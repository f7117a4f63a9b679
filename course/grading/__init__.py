"""Grading: restore, run, observe, judge, store."""

import sys

# jsonschema, which nbformat loads, would build dozens of parsers for kinds of text that no notebook's schema asks for:
# 1.6 s at the start of every process. Where they are not installed it does without, so here they are not.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
