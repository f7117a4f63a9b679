"""How long `course report` takes for a large class, and how large its page is.

    python -m benchmarks.report [--chapter 2-4-dropout] [learners] [folder]

folder holds a class that `course demo` made and graded (demo/ if not given). Its learners' gradings are dealt out to a
simulated class of that many (400), as grading so many anew would take an hour and changes nothing for the report.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.chapter import chosen_chapter, with_chapter
from course.authoring.demo import make_class
from course.catalog import load_catalog
from course.grading.gradebook.store import ClassFolder
from course.grading.task import Graded
from course.report.page import write_report
from course.report.similarity import similar_pairs


def main(slug: str, count: int, graded: Path) -> None:
    known = list(ClassFolder(load_catalog(graded)).notes(slug).values())
    if not known:
        sys.exit(f"There is no graded class in {graded}. Make one with `course demo`, or say where.")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "course"
        make_class(load_catalog(), root, slug, count)
        class_folder = ClassFolder(load_catalog(root))
        class_folder.require_assignment(slug)
        students = class_folder.submitted(slug)
        for number, (student, folder) in enumerate(students.items()):
            note = known[number % len(known)]
            class_folder.store(slug, student, Graded(dict(note.row), {}, dict(note.answers)), folder)
        started = time.monotonic()
        pairs = similar_pairs(class_folder.catalog, slug, students)
        compared = time.monotonic() - started
        page = write_report(class_folder.catalog, slug)
        whole = time.monotonic() - started - compared
        print(f"{len(students)} submissions: report {whole:.1f} s, of these {compared:.1f} s comparing all pairs")
        print(f"page {page.stat().st_size / 1000:.0f} kB; {len(pairs)} similar pairs")


if __name__ == "__main__":
    parser = with_chapter(argparse.ArgumentParser(description=__doc__))
    parser.add_argument("learners", nargs="?", type=int, default=400)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("demo"))
    arguments = parser.parse_args()
    main(chosen_chapter(arguments).slug, arguments.learners, arguments.folder)
