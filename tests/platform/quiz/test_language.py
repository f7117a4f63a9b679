"""The interface in other languages: every message is translated, and what is compiled is what is written."""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from course import language as words
from course import locale
from course.authoring.validate import course_notes, unfinished
from course.catalog import load_catalog
from course.language import LOCALE_FOLDER, _, fill, language, listed, ngettext, number, numbers
from course.locale import Domain, chapter_domain, domains, languages, used_messages
from course.locale import __main__ as catalogs
from course.locale.__main__ import known_elsewhere, read_catalog, translations, updated
from tests.conftest import ROOT

CATALOGS = [
    pytest.param(domain, lang, id=f"{domain.name}-{lang}")
    for domain in domains()
    for lang in languages()
    if used_messages(domain)
]
RENEW = "run: python -m course.locale"
USTED = re.compile(
    r"\b(usted|inténtelo|envíelo|ejecútel[ao]|escríbal[ao]s?|compárelo|elija|avance|reúna|reduzca|prediga)\b"
    r"|(^|[.:;] )(marque|ordene|escriba|ejecute|espere|mire|pulse|pruebe|compruebe|muestre|responda|abra|copie|cree"
    r"|trabaje|empiece|sortee|siga|devuelva|encuentre|piense|convierta)\b"
    r"|^(su|sus) (respuestas?|predicciones|celda|trabajo|aviso|capas)\b|^(predijo|respondió)$",
    re.IGNORECASE | re.MULTILINE,
)
# What a native reader put right, each with what is written instead: one word for one thing, everywhere.
NOT_OURS = {
    r"\bsólo\b": "solo",
    r"\ben (la )?inferencia\b": "durante la inferencia",
    r"\d[. ]\d{3}\b": "10\u00a0000, and 1000 without a space",
    r"\betiquetas? (\w+ )*(falsa|equivocada)s?\b": "etiquetas erróneas",
    r"\b(neuronas?|unidades|valor(es)?) desactivad[ao]s?\b|\bdesactivan? (las |mismas )*(neuronas|unidades)": "apagar",
    r"\bpaso hacia (delante|atrás)|\bcamino de vuelta\b": "propagación hacia delante, hacia atrás",
    r"\blas supervivientes\b": "los valores supervivientes",
    r"\bMonte Carlo\b|\bMC dropout\b": "dropout de Montecarlo",
    r"\bsorte(?!o\b|d\b)\w+": "generar, sacar de rng",  # the company alone draws lots
    r"\blibro de calificaciones\b": "libro de notas",
    r"\bprecisión (de|en) (la )?(validación|entrenamiento|prueba)\b|\bexactitud en la validación\b": "exactitud de …",
    r"\b(presenta subajuste|subajusta|que no sobreajusta)\b": "está subajustada, se sobreajusta",
    r"\bya no es lo que era\b": "la llamada ha modificado …",
    r"\bdivid\w+ por\b": "dividir entre",
    r"\bretroalimentación\b": "comentarios",
    r"\b(la|una) meta\b": "el objetivo",
    r"\bprodujo \{": "lanzó",
}


def parts(text: object) -> tuple[str, ...]:
    """A text alone, or the pair that ngettext() chooses from."""
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text),)


def test_there_is_spanish() -> None:
    assert languages() == ["es"]


@pytest.mark.parametrize(("domain", "lang"), CATALOGS)
def test_a_catalog_has_the_messages_in_use_and_no_others(domain: Domain, lang: str) -> None:
    found = {message.id for message in read_catalog(domain.catalog(lang), lang) if message.id}
    assert found == set(used_messages(domain)), RENEW


@pytest.mark.parametrize("lang", languages())
def test_every_message_of_the_course_itself_is_translated(lang: str) -> None:
    (course, *_chapters) = domains()
    translated = translations(read_catalog(course.catalog(lang), lang))
    assert [text for text in used_messages(course) if text not in translated] == [], RENEW


@pytest.mark.parametrize(("domain", "lang"), CATALOGS)
def test_what_is_compiled_is_what_is_written(domain: Domain, lang: str) -> None:
    with domain.compiled(lang).open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in read_catalog(domain.catalog(lang), lang):
        if message.pluralizable:
            assert tuple(compiled.ngettext(*message.id, count) for count in (1, 2)) == message.string, RENEW
        elif message.id:
            assert compiled.gettext(str(message.id)) == (message.string or message.id), RENEW


@pytest.mark.parametrize(("domain", "lang"), CATALOGS)
def test_a_translation_has_the_fields_of_its_message(domain: Domain, lang: str) -> None:
    for message in read_catalog(domain.catalog(lang), lang):
        if message.id and message.string:
            for text, told in zip(parts(message.id), parts(message.string), strict=True):
                fields, translated = (sorted(re.findall(r"{[^}]*}", each)) for each in (text, told))
                assert fields == translated, message.id


def test_spanish_speaks_to_its_reader_as_a_friend() -> None:
    """With tú, in the course's own words as in every chapter's."""
    formal = [
        told
        for domain in domains()
        if used_messages(domain)
        for message in read_catalog(domain.catalog("es"), "es")
        for told in parts(message.string)
        if message.id and USTED.search(told)
    ]
    assert formal == []
    assert USTED.search("Marque primero al menos una opción.")
    assert USTED.search("\nSus capas: {layers}.")


def spanish_texts() -> Iterator[str]:
    """All that is translated: the catalogs' messages, and the files of quizzes, mistakes and cards."""
    for domain in domains():
        if used_messages(domain):
            messages = read_catalog(domain.catalog("es"), "es")
            yield from (told for each in messages if each.id for told in parts(each.string))
    for folder in ("quizzes", "course/chapters", "notebooks"):
        yield from (path.read_text() for path in sorted((ROOT / folder).rglob("*.es.yml")))


@pytest.mark.parametrize("pattern", NOT_OURS)
def test_spanish_has_one_word_for_one_thing(pattern: str) -> None:
    found = [match[0] for text in spanish_texts() for match in re.finditer(pattern, text, re.IGNORECASE)]
    assert found == [], f"write {NOT_OURS[pattern]}"


@pytest.fixture
def chapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two chapters with words of their own for one sentence, of which the course knows another word."""
    package = tmp_path / "course"
    for name, told in (("one", "uno"), ("two", "dos")):
        folder = package / "chapters" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("from course.language import _\nSAID = _('Check')\n_('Only here')\n")
        catalog = updated(Domain(name, (), folder / "locale"), "es", {})
        catalog.add("Check", told)
        path = folder / "locale" / "es" / "LC_MESSAGES" / f"{name}.mo"
        path.parent.mkdir(parents=True)
        path.write_bytes(catalogs.mo_bytes(catalog))
        path.with_suffix(".po").write_bytes(catalogs.po_bytes(catalog))
    for module in (words, locale):
        monkeypatch.setattr(module, "CHAPTERS", package / "chapters")
    for module in (locale, catalogs, unfinished):
        monkeypatch.setattr(module, "PACKAGE", package)
    words._translations.cache_clear()
    yield package / "chapters"
    words._translations.cache_clear()


@pytest.mark.parametrize(
    ("module", "told"),
    [
        ("course.chapters.one", "uno"),
        ("course.chapters.two.judges.x", "dos"),
        ("course.chapters.three.lesson", "Comprobar"),
        ("course.chapters", "Comprobar"),
        ("course.quiz.view", "Comprobar"),
        ("elsewhere", "Comprobar"),
    ],
)
def test_a_chapter_speaks_in_its_own_words_and_no_other_s(
    chapters: Path, monkeypatch: pytest.MonkeyPatch, module: str, told: str
) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    namespace = {"__name__": module, "_": _}
    assert eval("_('Check')", namespace) == told
    monkeypatch.setenv("COURSE_LANG", "en")
    assert eval("_('Check')", namespace) == "Check"


def test_a_sentence_takes_its_translation_along_and_a_colleague_s_catalog_is_looked_into(
    chapters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogs, "domains", lambda: [chapter_domain("one"), chapter_domain("two")])
    other = chapters / "other.po"
    colleague = updated(Domain("course", (), chapters), "es", {})
    colleague.add("Only here", "solo aquí")
    colleague.add("Check", "otro")
    other.write_bytes(catalogs.po_bytes(colleague))
    assert known_elsewhere("es", [other]) == {"Only here": "solo aquí", "Check": "uno"}
    monkeypatch.setattr("sys.argv", ["locale", "--from", str(other)])
    catalogs.main()
    for name, told in (("one", "uno"), ("two", "dos")):
        domain = chapter_domain(name)
        assert translations(read_catalog(domain.catalog("es"), "es")) == {"Check": told, "Only here": "solo aquí"}


def test_what_has_no_translation_is_told_to_the_author(course_copy: Path, chapters: Path) -> None:
    contents = course_copy / "notebooks" / "contents.yml"
    contents.write_text(contents.read_text().replace("module: tiny", "module: one"))
    (chapters / "one" / "lesson.py").write_text("from course.language import _\n\nA = _('Not yet')\nB = _('Lesson')\n")
    notes = course_notes(load_catalog(course_copy))
    place = "course/chapters/one"
    wanted = [
        f"{place}/__init__.py:3: 'Only here' is not translated. Run python -m course.locale, write {place}/locale/es/",
        f"{place}/lesson.py:3: 'Not yet' is not translated.",
        "notebooks/contents.yml:8: the title 'Tiny' is not translated. Add it to notebooks/contents.es.yml.",
    ]
    assert [note.startswith(told) for note, told in zip(notes, wanted, strict=True)] == [True] * 3, notes
    (course_copy / "notebooks" / "contents.es.yml").write_text("Dropout: Dropout\n")


def test_a_pair_of_a_chapter_is_found_compiled_and_told_while_it_has_no_words(
    course_copy: Path, chapters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = ("{n} layer", "{n} layers")
    (chapters / "one" / "lesson.py").write_text(
        "from course.language import ngettext\n\nA = ngettext('{n} layer', '{n} layers', 2)\n"
    )
    domain = next(each for each in domains() if each.name == "one")
    assert used_messages(domain)[pair] == ["course/chapters/one/lesson.py"]
    contents = course_copy / "notebooks" / "contents.yml"
    contents.write_text(contents.read_text().replace("module: tiny", "module: one"))
    untold = updated(domain, "es", {})
    domain.compiled("es").write_bytes(catalogs.mo_bytes(untold))
    assert any("lesson.py:3: '{n} layer' is not translated" in note for note in course_notes(load_catalog(course_copy)))
    monkeypatch.setattr(gettext, "_translations", {})  # what it has read, it keeps
    told = updated(domain, "es", {pair: ("{n} capa", "{n} capas")})
    domain.compiled("es").write_bytes(catalogs.mo_bytes(told))
    assert not any("layer" in note for note in course_notes(load_catalog(course_copy)))
    namespace = {"__name__": "course.chapters.one.lesson", "ngettext": ngettext}
    monkeypatch.setenv("COURSE_LANG", "es")
    assert eval("ngettext('{n} layer', '{n} layers', 2)", namespace) == "{n} capas"


def test_titles_and_addresses_are_told_in_the_learner_s_language(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = load_catalog(ROOT)
    chapter = catalog.chapter("2-4-dropout")
    assert catalog.heading(chapter) == "Section 2. Chapter 4. Dropout"
    monkeypatch.setenv("COURSE_LANG", "es")
    assert catalog.heading(chapter) == "Sección 2. Capítulo 4. Dropout"
    assert catalog.told(chapter.section) == "Regularización"
    assert catalog.told(catalog.title) == "Redes neuronales con TensorFlow"
    assert catalog.told("A title that nobody translated") == "A title that nobody translated"


def test_the_language_is_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    assert _("Check") == "Comprobar"
    monkeypatch.setenv("COURSE_LANG", "en")
    assert _("Check") == "Check"


@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"COURSE_LANG": "es"}, "es"),
        ({"LANG": "es_ES.UTF-8"}, "es"),
        ({"LC_ALL": "de_DE.UTF-8", "LANG": "es_ES.UTF-8"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "POSIX"}, "en"),
    ],
)
def test_the_system_s_language_is_used_where_none_is_chosen(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], code: str
) -> None:
    for name in ("COURSE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == code


def test_an_unknown_language_falls_back_to_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "xx")
    assert _("Check") == "Check"
    assert gettext.find("course", LOCALE_FOLDER, ["xx"]) is None


@pytest.mark.parametrize(
    ("lang", "half", "row", "sentence"),
    [
        ("en", "0.50", "0.1, 0.25", "Rate 0.5, file a.png: 12,000 of 3."),
        ("es", "0,50", "0,1; 0,25", "Rate 0,5, file a.png: 12\u00a0000 of 3."),
        ("fr", "0.50", "0.1, 0.25", "Rate 0.5, file a.png: 12,000 of 3."),  # no words of ours: as in English
    ],
)
def test_numbers_have_the_marks_of_the_language_and_words_keep_theirs(
    lang: str, half: str, row: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    assert number(0.5, ".2f") == half
    assert numbers([0.1, 0.25]) == row
    values = {"rate": np.float64(0.5), "file": "a.png", "many": 12_000}
    assert fill("Rate {rate:.1f}, file {file}: {many:,} of {}.", 3, **values) == sentence


def test_spanish_sets_a_per_cent_sign_apart_where_no_line_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    assert number(0.254, ".0%") == "25%"
    monkeypatch.setenv("COURSE_LANG", "es")
    assert number(0.254, ".1%") == "25,4\u00a0%"
    assert fill("{share:.0%} de 10 %", share=0.5) == "50\u00a0% de 10 %"


def test_spanish_sets_thousands_apart_from_five_digits_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_LANG", "es")
    told = [number(value, ",") for value in (999, 1_000, 9_999.5, 10_000, 1_234_567)]
    assert told == ["999", "1000", "9999,5", "10\u00a0000", "1\u00a0234\u00a0567"]


DECIMALS = re.compile(r"\{\w*:[^}]*\.[1-9]\d*[fge%]")


def functions_with_decimals() -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of the course that have a message in which a number has decimals, with their places."""
    for path in sorted((ROOT / "course").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
                messages = [each.args[0] for each in calls if isinstance(each.func, ast.Name) and each.func.id == "_"]
                texts = [str(each.value) for each in messages if isinstance(each, ast.Constant)]
                if any(DECIMALS.search(text) for text in texts):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def test_decimals_in_a_message_have_the_marks_of_the_learners_language() -> None:
    found = dict(functions_with_decimals())
    assert len(found) > 10
    without = [
        place
        for place, node in found.items()
        if not any(isinstance(each, ast.Name) and each.id == "fill" for each in ast.walk(node))
    ]
    assert without == [], "fill(message, …) writes them so, message.format(…) does not"


@pytest.mark.parametrize(
    ("lang", "names", "told"),
    [
        ("en", ["Ada"], "Ada"),
        ("en", ["Ada", "Bo", "Ivo"], "Ada, Bo and Ivo"),
        ("es", ["Hana", "Ivo"], "Hana e Ivo"),
        ("es", ["Ada", "Hilda"], "Ada e Hilda"),
        ("es", ["Ada", "Bo", "Jun"], "Ada, Bo y Jun"),
        ("es", ["agua", "hielo"], "agua y hielo"),
    ],
)
def test_names_are_listed_as_a_sentence_does(
    lang: str, names: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COURSE_LANG", lang)
    assert listed(names) == told
