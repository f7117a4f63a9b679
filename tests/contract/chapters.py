"""What the tests of a contract read of a chapter, each once in a process."""

from collections.abc import Mapping
from functools import cache

from course.authoring.solutions import Solution, known_solutions, prepared_namespace
from course.catalog import load_catalog
from tests.conftest import ROOT


@cache
def namespace_of(slug: str) -> Mapping[str, object]:
    """The names that the notebook of exercises prepares."""
    catalog = load_catalog(ROOT)
    return prepared_namespace(catalog, catalog.chapter(slug))


@cache
def solutions_of(slug: str) -> Mapping[str, list[Solution]]:
    """The solutions of each exercise; the notebook's own comes first."""
    catalog = load_catalog(ROOT)
    return known_solutions(catalog, catalog.chapter(slug))


def defined(slug: str, source: str) -> dict[str, object]:
    """What a learner's cell defines, run after the notebook's own preparations."""
    names = dict(namespace_of(slug))
    exec(source, names)
    return names
