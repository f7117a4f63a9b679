"""nbgrader's settings for this course: run nbgrader, formgrader and JupyterLab from this folder.

Sources are in notebooks/, everything about a class is under class/. A chapter's slug is its assignment's name.
"""

import os
import sys
from functools import partial
from pathlib import Path

from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
)

from course.grading.gradebook.export import GradesExporter
from course.grading.gradebook.hand_back import FeedbackExporter
from course.grading.gradebook.lateness import CourseLatePenalty
from course.grading.gradebook.pages import FILTERS, TEMPLATES, ShownNotebook, guard_formgrader
from course.grading.gradebook.plugins import (
    AddBreadcrumb,
    ApplyPoints,
    UpdateCells,
    WriteKeylessQuiz,
    keep_only_released,
    release_and_autograde_by_course,
)

c = get_config()  # noqa: F821  (nbgrader defines it)
root = Path(__file__).resolve().parent

# nbgrader calls `alembic` by name; let it find its own even where the environment is not activated.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "neural-networks"
c.CourseDirectory.source_directory = "notebooks"
c.CourseDirectory.release_directory = "class/release"
c.CourseDirectory.submitted_directory = "class/submitted"
c.CourseDirectory.autograded_directory = "class/autograded"
c.CourseDirectory.feedback_directory = "class/feedback"
c.CourseDirectory.solution_directory = "class/solution"
# Another database, e.g. postgresql://user:password@host/gradebook (needs the package psycopg[binary]), by its URL.
c.CourseDirectory.db_url = os.environ.get("COURSE_GRADEBOOK") or f"sqlite:///{root}/class/gradebook.db"
(root / "class").mkdir(exist_ok=True)

# A stub that returns nothing: "Run All" reaches the end, and the check says "not attempted".
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE"}
c.ClearSolutions.text_stub = "*Write your answer here.*"

# nbgrader's own steps, and four of ours: points are those of course.yml, a new version of a chapter may be released in
# mid-term, a quiz that tells only after grading is released without its key, and each notebook begins with its place in
# the course.
c.GenerateAssignment.preprocessors = [
    ApplyPoints,
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    ClearSolutions,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    UpdateCells,
    ClearHiddenTests,
    ClearMarkScheme,
    ComputeChecksums,
    CheckCellMetadata,
    WriteKeylessQuiz,
    AddBreadcrumb,
]

# An author's own answers, and stray files beside the notebooks, never reach a release.
c.GenerateAssignment.post_convert_hook = partial(keep_only_released, root)

# What differs from stock nbgrader: a submission is mended before it is graded, and our judges decide.
release_and_autograde_by_course()

# What lateness costs stands in course.yml.
c.AssignLatePenalties.plugin_class = CourseLatePenalty

# What a learner wrote is shown in formgrader as text and pictures: nothing of it acts there, and any notebook is shown
# in bounded time.
c.HTMLExporter.default_preprocessors = [ShownNotebook, CSSHTMLHeaderPreprocessor]
c.HTMLExporter.filters = FILTERS
c.HTMLExporter.extra_template_basedirs = TEMPLATES
guard_formgrader()

# Feedback is one page for the whole chapter, and says what is true now: it is made anew each time.
c.GenerateFeedback.exporter_class = FeedbackExporter
c.GenerateFeedback.preprocessors = []
c.GenerateFeedback.force = True

# `nbgrader export` leaves grades open that are open; other files by --exporter (docs/grading.md).
c.ExportApp.plugin_class = GradesExporter
