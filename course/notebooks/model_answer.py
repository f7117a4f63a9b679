"""`model_answer("explain_inference")`: an answer to compare one's own with, once one has written it.

Model answers stand in the authors' notebooks, which a learner alone has in the clone. Where the course is installed, as
in a class, and where work is graded, they are not at hand: there the instructor shows them after grading.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from course.catalog import load_catalog
from course.errors import UsageError
from course.language import _
from course.storage.folder import notebook_folder


@dataclass(frozen=True)
class Answer:
    """A model answer in Markdown, or a sentence on why none is shown."""

    text: str
    is_shown: bool = True

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        if not self.is_shown:
            return f"<p>{html.escape(self.text)}</p>"
        from course.quiz.text import to_html  # Markdown and formulas, which no kernel that grades need load

        title = html.escape(_("One good answer; yours may differ"))
        return f"<details open><summary><strong>{title}</strong></summary>{to_html(self.text)}</details>"


def model_answer_here(name: str) -> Answer:
    """The model answer to the written question of that name in the notebook's chapter. UsageError if there is none."""
    catalog, folder = load_catalog(), notebook_folder()
    if catalog.is_installed or not any(catalog.notebooks(chapter.slug) for chapter in catalog.chapters):
        return Answer(_("In a class, your instructor shows the model answer after grading."), is_shown=False)
    from course.notebooks.written_questions import authors_answers, has_written  # nbgrader's release takes seconds

    for chapter in sorted(catalog.chapters, key=lambda chapter: chapter.slug != folder.name):
        found = authors_answers(catalog, chapter.slug).get(name)
        if found is not None:
            if has_written(catalog, chapter.slug, name, folder):
                return Answer(found.source)
            told = _("First write your own answer in the cell above. Then save the notebook and run this cell again.")
            return Answer(told, is_shown=False)
    raise UsageError(_("There is no written question {name!r}.").format(name=name))
