"""The chapters of the course, one after the other: their notebooks, their exercises, their solutions.

A test asks for `slug` and is run for every chapter. One that asks for `stem` as well is run for every notebook of it,
with `exercise` for every exercise, with `solution` for every solution that the chapter's tests know.
"""

import pytest

from course.authoring.solutions import known_solutions
from course.catalog import Catalog, Chapter, load_catalog
from course.exercises.registry import chapter_exercises
from tests.conftest import ROOT
from tests.selection import chosen_slugs
from tests.session import ENGINE


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Where only the slug is asked for, tests/conftest.py does this."""
    names = set(metafunc.fixturenames)
    catalog = load_catalog(ROOT)
    chapters = [catalog.chapter(slug) for slug in chosen_slugs(metafunc.config, catalog)]
    if "stem" in names:
        pairs = [(chapter.slug, stem) for chapter in chapters for stem in catalog.notebooks(chapter.slug)]
        metafunc.parametrize(("slug", "stem"), pairs, ids=["-".join(pair) for pair in pairs])
    elif "exercise" in names:
        exercises = [(chapter.slug, name) for chapter in chapters for name in chapter_exercises(chapter)]
        metafunc.parametrize(("slug", "exercise"), exercises, ids=["-".join(pair) for pair in exercises])
    elif "solution" in names:
        known = [
            pytest.param(chapter.slug, each, id=f"{chapter.slug}-{each.exercise}-{each.kind}-{each.name}")
            for chapter in chapters
            for solutions in known_solutions(catalog, chapter).values()
            for each in solutions
        ]
        metafunc.parametrize(("slug", "solution"), known)


@pytest.fixture
def chapter(slug: str, catalog: Catalog) -> Chapter:
    return catalog.chapter(slug)


@pytest.fixture(autouse=True)
def _engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """For kernels that are not sealed: the package that the tests import."""
    monkeypatch.setenv("PYTHONPATH", str(ENGINE))
