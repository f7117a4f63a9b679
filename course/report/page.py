"""The report as one page that opens from disk: no script, no address outside. Everything in it is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from course.catalog import Catalog
from course.grading.changes import last_changes
from course.grading.feedback.page import NAME as FEEDBACK
from course.grading.gradebook.store import ClassFolder
from course.grading.html_pages import page_templates
from course.language import _, language
from course.quiz.model import load_quiz
from course.report.anonymous import coarse, pseudonyms, without_names
from course.report.csv_files import csv_files
from course.report.drawing import WIDTH
from course.report.read import named, read_class, with_changes
from course.report.sections import sections_of, shown_time, why_to_look
from course.report.similarity import Pair, similar_pairs
from course.report.statistics import Report, report_of
from course.report.summary import summary_of
from course.report.work import bare, plain
from course.storage.atomic import replace_file

MOST_PAIRS = 50


def write_report(catalog: Catalog, slug: str, anonymous: bool = False) -> Path:
    """Writes class/reports/<slug>/ (or <slug>-anonymous/) with report.html and the CSV files; returns the page."""
    class_folder = ClassFolder(catalog)
    works = read_class(class_folder, slug)
    quiz = load_quiz(slug, catalog) if catalog.quiz_file(slug).is_file() else None
    chapter = catalog.chapter(slug)
    shown = {work.name: plain(work.name, 100) for work in works}
    folder = catalog.root / "class" / "reports" / (f"{slug}-anonymous" if anonymous else slug)
    links: dict[str, str] = {}
    called: dict[str, str] = {}
    if anonymous:
        known = pseudonyms(catalog.root / "class" / "pseudonyms.json", list(shown))
        report = report_of(without_names(works, known, class_folder.people()), quiz, chapter)
        report = coarse(with_changes(report, last_changes(catalog, slug), known), list(shown))
    else:
        pairs = similar_pairs(catalog, slug, class_folder.submitted(slug))[:MOST_PAIRS]
        similar = tuple(Pair(shown[pair.one], shown[pair.other], pair.share) for pair in pairs)
        report = replace(report_of(named(works), quiz, chapter), similar=similar)
        report = with_changes(report, last_changes(catalog, slug), shown)
        links, called = _feedback_links(class_folder, slug, shown), _called(class_folder, shown)
    for name, text in csv_files(report).items():
        replace_file(folder / name, text.encode())
    page = folder / "report.html"
    replace_file(page, page_of(report, catalog.told(chapter.title), links, called).encode())
    return page


def _called(class_folder: ClassFolder, shown: Mapping[str, str]) -> dict[str, str]:
    """First and last name as the gradebook has them, with the login, for each learner of whom it has both."""
    whole = [person for person in class_folder.people() if person.has_full_name and person.id in shown]
    return {shown[each.id]: plain(each.in_full, 100) for each in whole}


def _feedback_links(class_folder: ClassFolder, slug: str, shown: Mapping[str, str]) -> dict[str, str]:
    """The address of the feedback page, from the report's folder, for each learner who has one."""
    links = {}
    for name, told in shown.items():
        if (class_folder.catalog.root / "class" / "feedback" / name / slug / FEEDBACK).is_file():
            links[told] = f"../../feedback/{quote(name, safe='')}/{slug}/{FEEDBACK}"
    return links


def page_of(report: Report, title: str, links: Mapping[str, str], called: Mapping[str, str]) -> str:
    """The page's HTML. links, called: addresses of feedback pages and full names, by learner."""
    templates = page_templates("course.report", css_string=_css_string, bare=bare)
    made = _("Made {time} UTC.").format(time=shown_time(datetime.now(UTC)))
    return templates.get_template("page.html").render(
        lang=language(),
        heading=_("Class report"),
        title=title,
        made=made,
        contents=_("On this page"),
        summary=summary_of(report, why_to_look, links, called),
        sections=sections_of(report, called),
        width=WIDTH,
    )


def _css_string(text: str) -> Markup:
    """A column's name and a colon as a string of CSS, in which nothing but letters, digits and spaces stands as is."""
    safe = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)
    return Markup(f'"{safe}: "')
