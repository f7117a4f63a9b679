"""`--platform` and `--chapter SLUG`: which rooms of tests/ are looked into, and for which chapters."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from course.catalog import Catalog
from course.errors import UsageError

_TESTS = Path(__file__).resolve().parent


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("course")
    group.addoption("--platform", action="store_true", help="only the tests of the engine, on their own tiny course")
    group.addoption("--chapter", metavar="SLUG", action="append", help="only a chapter: its contract and its own tests")


def chosen_slugs(config: pytest.Config, catalog: Catalog) -> Sequence[str]:
    """The chapters whose tests are run. pytest's UsageError for an unknown slug."""
    asked = config.getoption("--chapter")
    if not asked:
        return [chapter.slug for chapter in catalog.chapters]
    try:
        return [catalog.chapter(slug).slug for slug in asked]
    except UsageError as error:
        raise pytest.UsageError(str(error)) from None


def is_left_out(path: Path, config: pytest.Config, catalog: Catalog) -> bool:
    """True for a folder that the options leave out."""
    if not path.is_relative_to(_TESTS) or path == _TESTS:
        return False
    room, *rest = path.relative_to(_TESTS).parts
    rooms = {room for room, wanted in _wanted(config).items() if wanted}
    if room not in ("platform", "contract", "chapters"):
        return False
    if room not in rooms:
        return True
    if room == "chapters" and rest:
        modules = {catalog.chapter(slug).module for slug in chosen_slugs(config, catalog)}
        return bool(config.getoption("--chapter")) and rest[0] not in modules
    return False


def _wanted(config: pytest.Config) -> dict[str, bool]:
    platform, chapter = config.getoption("--platform"), bool(config.getoption("--chapter"))
    either = chapter or not platform
    return {"platform": platform or not chapter, "contract": either, "chapters": either}
