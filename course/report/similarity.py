"""Pairs of learners whose solutions look alike: a hint to look, never a verdict.

copydetect compares the code with names and layout taken away. What everybody was given, what the reference solutions
say, and what many learners wrote in the same way, counts for nothing: short exercises have few ways to be solved.

Measured on classes dealt out of the chapter's right and wrong solutions, word for word, so more alike than real ones
are: the copy with other names was found in each; nobody else among 24, but 12 to 40 other pairs of the 64,620 among
360. So a pair in a large class says less than one in a small class; read from the top.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from course.catalog import Catalog
from course.notebooks.reading import UnreadableNotebook, read_notebook
from course.notebooks.release import grading_template, source_notebooks
from course.notebooks.restore import grade_id

LENGTH = 25  # characters of normalised code that count as one piece (copydetect's k)
ALIKE = 0.65  # the share of one's own pieces that the other has too; measured in tests/chapters/dropout/test_similar.py
FEWEST = 200  # characters in common; less is chance
COMMON = 0.2  # pieces that this share of the class has are everybody's
MAX_CODE = 100_000  # characters of one learner's


@dataclass(frozen=True)
class Pair:
    """share: of the smaller overlap of the two, 0 to 1."""

    one: str
    other: str
    share: float


def similar_pairs(catalog: Catalog, slug: str, folders: Mapping[str, Path]) -> list[Pair]:
    """Pairs by name of the learner, the most alike first. Submissions that cannot be read are left out."""
    codes = {name: _solutions(_read_all(folder)) for name, folder in folders.items()}
    known = [_solutions(grading_template(catalog, slug)), _solutions(source_notebooks(catalog, slug))]
    return pairs_of({name: code for name, code in codes.items() if code}, known)


def pairs_of(codes: Mapping[str, str], known: list[str]) -> list[Pair]:
    """The same for code as text; known: code that nobody is to be reproached for."""
    from copydetect import CodeFingerprint, compare_files

    def fingerprint(code: str, boilerplate: list[int]) -> Any:
        return CodeFingerprint("cells.py", LENGTH, 1, boilerplate, fp=io.StringIO(code[:MAX_CODE]))

    whole = {name: set(fingerprint(code, []).hashes) for name, code in codes.items()}
    counts = Counter(piece for pieces in whole.values() for piece in pieces)
    often = max(3, COMMON * len(codes))
    everybodys = {piece for piece, count in counts.items() if count >= often}
    everybodys.update(piece for code in known for piece in fingerprint(code, []).hashes)
    own = {name: pieces - everybodys for name, pieces in whole.items()}
    finished = cache(lambda name: fingerprint(codes[name], list(everybodys)))  # costly: only of those worth a look
    pairs = []
    for one, other in combinations(own, 2):
        if len(own[one] & own[other]) < ALIKE * min(len(own[one]), len(own[other])):
            continue
        overlap, shares, _slices = compare_files(finished(one), finished(other))
        if overlap >= FEWEST and min(shares) >= ALIKE:
            pairs.append(Pair(one, other, min(1.0, float(min(shares)))))
    return sorted(pairs, key=lambda pair: (-pair.share, pair.one, pair.other))


def _read_all(folder: Path) -> dict[str, NotebookNode]:
    notebooks = {}
    for path in sorted(folder.glob("*.ipynb")):
        with contextlib.suppress(UnreadableNotebook):  # grading has told of it
            notebooks[path.stem] = read_notebook(path)
    return notebooks


def _solutions(notebooks: Mapping[str, NotebookNode]) -> str:
    """The code in the solution cells."""
    return "\n\n".join(
        str(cell.get("source", ""))
        for notebook in notebooks.values()
        for cell in notebook.get("cells", [])
        if cell.get("cell_type") == "code" and (grade_id(cell) or "").endswith("-solution")
    )
