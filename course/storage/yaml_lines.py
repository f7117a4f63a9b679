"""Reads a YAML file that an author wrote and remembers on which line everything stands.

Faults become sentences with file and line. What the data mean is for others.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from course.errors import CourseError
from course.language import _, ngettext

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """A fault at a place in the file: keys and list positions from the top, e.g. ('parts', 0, 'questions', 1)."""

    place: Place
    message: str


class SourceError(CourseError):
    """One or more faults in a file; `sentences` has each as 'file:line: question 'id': what is wrong and the mend'."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class EmptySource(SourceError):
    """Nothing stands in the file, or nothing but comments."""


@dataclass(frozen=True)
class Source:
    """The plain data of a YAML file, and the line of every place in it."""

    path: Path
    data: Any
    lines: dict[Place, int]

    def sentence(self, problem: Problem) -> str:
        """'2-4-dropout.yml:34: question 'ensemble': …' for the nearest place that is in the file."""
        place = problem.place
        while place and place not in self.lines:
            place = place[:-1]
        question = self._question(problem.place)
        return f"{self.path}:{self.lines.get(place, 1)}: {question}{problem.message}"

    def _question(self, place: Place) -> str:
        """Names the question (and the option) that the place lies in, by id as far as they have one."""
        words = []
        value, parent = self.data, ""
        for key in place:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):
                break
            if parent in _entry_words() and isinstance(value, dict):
                words.append(f"{_entry_words()[parent]} {str(value.get('id', key))!r}")
            parent = str(key)
        return f"{', '.join(words)}: " if words else ""


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, ten times as fast, where libyaml is there


def _entry_words() -> dict[str, str]:
    return {"questions": _("question"), "options": _("option"), "items": _("item")}


def read_source(path: Path) -> Source:
    """Reads the file; SourceError if it is missing, not YAML, or has a key twice in one mapping."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SourceError([f"{path}:1: {_('there is no such file.')}"]) from None
    except (OSError, UnicodeDecodeError) as error:
        told = _("cannot be read as UTF-8 text ({reason}).").format(reason=error)
        raise SourceError([f"{path}:1: {told}"]) from None
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise EmptySource([f"{path}:1: {_('the file is empty.')}"])
        lines: dict[Place, int] = {}
        twice = _walk(node, (), lines)
        source = Source(path, loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        told = _("not valid YAML: {reason}.").format(reason=error.problem)
        raise SourceError([f"{path}:{line}: {told}"]) from None
    finally:
        loader.dispose()
    if twice:
        raise SourceError([source.sentence(problem) for problem in twice])
    return source


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int]) -> list[Problem]:
    """Notes the line of this node and of all below it; returns keys that occur twice."""
    lines.setdefault(place, node.start_mark.line + 1)
    problems: list[Problem] = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = str(key.value)
            inner = (*place, name)
            twice = inner in lines
            lines[inner] = key.start_mark.line + 1
            if twice:  # what stands below it is not told again
                problems.append(Problem(inner, _("{name!r} stands here twice; keep one.").format(name=name)))
                continue
            problems += _walk(value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            problems += _walk(value, (*place, index), lines)
    return problems


def shape_problems(error: ValidationError) -> list[Problem]:
    """pydantic's errors as sentences that an author can act on."""
    return [_shape_problem(detail) for detail in error.errors()]


_KINDS = {"single", "multiple", "numeric", "order"}


def _shape_problem(detail: ErrorDetails) -> Problem:
    # the name of a question's kind is a step in pydantic's path but not in the file
    place = tuple(
        step
        for i, step in enumerate(detail["loc"])
        if not (step in _KINDS and i and isinstance(detail["loc"][i - 1], int))
    )
    name = repr(place[-1]) if place else _("the file")
    return Problem(place, _sentence(name, detail))


def _sentence(name: str, detail: ErrorDetails) -> str:
    kind, of_kind = detail["type"], detail.get("ctx", {})
    if kind in _OF_ONE_KIND:
        return _OF_ONE_KIND[kind](name, detail)
    limit = next((of_kind[bound] for bound in ("gt", "ge", "le") if bound in of_kind), 0)
    told = _sentences().get(kind) or _("{name}: {reason} (found {found}).")
    return told.format(name=name, found=_short(detail["input"]), limit=f"{limit:g}", reason=detail["msg"])


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _sentences() -> dict[str, str]:
    """By what pydantic calls the fault; with fields name, found and limit."""
    return {
        "missing": _("{name} is missing; add it."),
        "extra_forbidden": _("{name} is not a field here; is it misspelt, or indented too far?"),
        "string_type": _("{name} must be text; {found} is not: put it in quotes."),
        "string_too_short": _("{name} is empty; write it."),
        "string_pattern_mismatch": _(
            "{name} must be made of small letters, digits and single hyphens (or be a dotted name under course), "
            "not {found}."
        ),
        "bool_type": _("{name} must be true or false, not {found}."),
        "float_type": _("{name} must be a number, not {found}."),
        "float_parsing": _("{name} must be a number, not {found}."),
        "greater_than": _("{name} must be more than {limit}, not {found}."),
        "greater_than_equal": _("{name} must be at least {limit}, not {found}."),
        "less_than_equal": _("{name} must be at most {limit}, not {found}."),
        "int_type": _("{name} must be a whole number, not {found}."),
        "union_tag_not_found": _("'kind' is missing: single, multiple, numeric or order."),
        "model_type": _("{name} must be a mapping of fields, not {found}."),
        "dict_type": _("{name} must be a mapping, not {found}."),
        "tuple_type": _("{name} must be a list, not {found}."),
    }


def _choices(name: str, detail: ErrorDetails) -> str:
    known = str(detail["ctx"]["expected"]).replace(" or ", _(" or "))
    return _("{name} must be {known}, not {found}.").format(name=name, known=known, found=_short(detail["input"]))


def _too_short(name: str, detail: ErrorDetails) -> str:
    least = detail["ctx"]["min_length"]
    told = ngettext("{name} needs at least {entries} entry.", "{name} needs at least {entries} entries.", least)
    return told.format(name=name, entries=least)


def _unknown_kind(name: str, detail: ErrorDetails) -> str:
    tag, known = str(detail["ctx"]["tag"]), str(detail["ctx"]["expected_tags"])
    close = difflib.get_close_matches(tag, sorted(_KINDS), 1)
    told = _("there is no kind {kind!r}; the kinds are {known}.").format(kind=tag, known=known)
    return f"{told} {_('Did you mean {name}?').format(name=repr(close[0]))}" if close else told


_OF_ONE_KIND: dict[str, Callable[[str, ErrorDetails], str]] = {
    "literal_error": _choices,
    "too_short": _too_short,
    "union_tag_invalid": _unknown_kind,
}
