"""Grading: restore, run, observe, judge, store."""

import os
import sys

# Judges train small networks. A product of small matrices gains nothing from more threads, and where several are
# judged at a time, NumPy's threads would wait for one another busily. It reads this once, when it is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# jsonschema, which nbformat loads, would build dozens of parsers for kinds of text that no notebook's schema asks for:
# 1.6 s at the start of every process. Where they are not installed it does without, so here they are not.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
