"""What an author may still have to do, and what is no fault: told beside the faults, and never an error."""

from __future__ import annotations

import gettext
from collections import Counter
from collections.abc import Iterator

from course.authoring.validate.notebooks import ChapterCells
from course.catalog import CONTENTS, Catalog, Chapter, contents_file
from course.language import LOCALE_FOLDER
from course.locale import PACKAGE, Domain, MessageId, chapter_domain, languages, messages_in

MARK = "✎"  # what `course new` puts where the author's own words belong


def unfinished_notes(cells: ChapterCells) -> Iterator[str]:
    """For each notebook in which marks of `course new` are left, their number and the first cell that has one."""
    marked = [placed for placed in cells.cells if MARK in placed.source]
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for placed in marked:
        notebook = placed.where.partition(":")[0]
        counts[notebook] += placed.source.count(MARK)
        first.setdefault(notebook, placed.where)
    for notebook, where in first.items():
        told = f"{counts[notebook]} texts wait" if counts[notebook] > 1 else "a text waits"
        yield f"{where} is the first place where {told} for your own words ({MARK})."


class _Untranslated(gettext.NullTranslations):
    """What is asked last: whatever comes here has no translation."""

    def gettext(self, message: str) -> str:
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ""


def untranslated_notes(catalog: Catalog, chapter: Chapter) -> Iterator[str]:
    """Sentences of the chapter's modules, its title and its texts of a comparison that a language has no words for."""
    domain = chapter_domain(chapter.module)
    for lang in languages():
        words = _words(domain, lang)
        place, written = domain.catalog(lang).relative_to(PACKAGE.parent).as_posix(), set[MessageId]()
        for path in domain.sources:
            for text, line in messages_in(path):
                if not _translated(text, words) and text not in written:
                    written.add(text)
                    where = f"{path.relative_to(PACKAGE.parent).as_posix()}:{line}:"
                    first = text if isinstance(text, str) else text[0]
                    yield f"{where} {shortened(first)!r} is not translated. Run python -m course.locale, write {place}."
        titles = contents_file(catalog.root, lang).relative_to(catalog.root).as_posix()
        for what, text in (("title", chapter.title), *(("text", each) for each in _compared(catalog, chapter))):
            if text not in catalog.titles.get(lang, {}):
                told = f"the {what} {shortened(text)!r} is not translated. Add it to {titles}."
                yield f"{CONTENTS}:{chapter.line}: {told}"


def _compared(catalog: Catalog, chapter: Chapter) -> Iterator[str]:
    """What a comparison says of the chapter, with its title and aspects."""
    for section in catalog.sections:
        if section.comparison and chapter.slug in section.comparison.texts:
            yield from (section.comparison.title, *section.comparison.aspects, *section.comparison.texts[chapter.slug])


def _translated(text: MessageId, words: gettext.NullTranslations) -> str:
    return words.gettext(text) if isinstance(text, str) else words.ngettext(*text, 2)


def _words(domain: Domain, lang: str) -> gettext.NullTranslations:
    """The chapter's translations, then the course's, then none."""
    course = gettext.translation("course", LOCALE_FOLDER, languages=[lang], fallback=True)
    course.add_fallback(_Untranslated())
    chapter = gettext.translation(domain.name, domain.locale, languages=[lang], fallback=True)
    chapter.add_fallback(course)
    return chapter


def shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
