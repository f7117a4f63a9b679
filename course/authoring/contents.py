"""Puts a chapter into notebooks/contents.yml at its place, as text: comments and layout stay as they are."""

from __future__ import annotations

import json

import yaml

from course.catalog import CONTENTS
from course.errors import CourseError


def with_chapter(text: str, section: int, slug: str, title: str, module: str) -> str:
    """The contents with one more chapter, before the first of its section whose number is higher.

    It takes the place of an entry without a module, which only announces it, under the same number.
    section counts from 1 and is there. CourseError where the section's chapters are not a list of one entry a line.
    """
    key, chapters = _chapters_of(text, section)
    lines = text.splitlines(keepends=True)
    if not isinstance(chapters, yaml.SequenceNode) or not chapters.value:  # `chapters: []`, or nothing at all
        number = key.start_mark.line
        lines[number] = _emptied(lines[number], key, chapters)
        return _inserted(lines, number + 1, " " * (key.start_mark.column + 2), slug, title, module)
    if chapters.flow_style:
        raise CourseError(
            f"{CONTENTS}:{chapters.start_mark.line + 1}: the chapters of section {section} stand in brackets. "
            "Give each a line of its own that begins with -."
        )
    indent = " " * chapters.start_mark.column
    announced = [entry for entry in chapters.value if _announces(entry, _number(slug))]
    if announced:
        place = announced[0].start_mark.line
        del lines[place : _last_line(announced[0]) + 1]
        return _inserted(lines, place, indent, slug, title, module)
    later = [entry for entry in chapters.value if _number(_slug_of(entry)) > _number(slug)]
    if later:
        place = later[0].start_mark.line
        while lines[place - 1].lstrip().startswith("#"):  # comments above an entry are its own
            place -= 1
    else:
        place = _last_line(chapters.value[-1]) + 1
    return _inserted(lines, place, indent, slug, title, module)


def _chapters_of(text: str, section: int) -> tuple[yaml.Node, yaml.Node]:
    """The key `chapters` of a section and what stands there. The catalog has been read, so the shape is right."""
    root = yaml.compose(text, yaml.SafeLoader)
    sections = _values(root)["sections"][1].value
    return _values(sections[section - 1])["chapters"]


def _values(mapping: yaml.Node | None) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    """Key and value of each field, by the key's text."""
    assert isinstance(mapping, yaml.MappingNode)
    return {key.value: (key, value) for key, value in mapping.value}


def _announces(entry: yaml.Node, number: int) -> bool:
    """True for an entry of that number that has no module yet."""
    return "module" not in _values(entry) and _number(_slug_of(entry)) == number


def _slug_of(entry: yaml.Node) -> str:
    return str(_values(entry)["slug"][1].value)


def _number(slug: str) -> int:
    """The chapter's number in its section."""
    return int(slug.split("-")[1])


def _last_line(node: yaml.Node) -> int:
    """The line on which the last word of an entry stands, counted from 0."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        return max(_last_line(value) for _key, value in node.value)
    return node.end_mark.line


def _emptied(line: str, key: yaml.Node, value: yaml.Node) -> str:
    """The line `chapters: []` without its brackets; a comment after them stays."""
    if isinstance(value, yaml.SequenceNode):
        line = line[: key.end_mark.column + 1] + line[value.end_mark.column :]
    return line.rstrip("\n") + "\n"


def _inserted(lines: list[str], place: int, indent: str, slug: str, title: str, module: str) -> str:
    if place and not lines[place - 1].endswith("\n"):
        lines[place - 1] += "\n"
    entry = [f"{indent}- slug: {slug}\n", f"{indent}  title: {_scalar(title)}\n", f"{indent}  module: {module}\n"]
    return "".join([*lines[:place], *entry, *lines[place:]])


def _scalar(title: str) -> str:
    """The title as YAML: plain where it means itself, else in quotes."""
    try:
        plain = yaml.safe_load(f"title: {title}") == {"title": title}
    except yaml.YAMLError:
        plain = False
    return title if plain else json.dumps(title, ensure_ascii=False)
