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
            if parent in _ENTRY_WORDS and isinstance(value, dict):
                words.append(f"{_ENTRY_WORDS[parent]} {str(value.get('id', key))!r}")
            parent = str(key)
        return f"{', '.join(words)}: " if words else ""


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same, ten times as fast, where libyaml is there
_ENTRY_WORDS = {"questions": "question", "options": "option", "items": "item"}


def read_source(path: Path) -> Source:
    """Reads the file; SourceError if it is missing, not YAML, or has a key twice in one mapping."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SourceError([f"{path}:1: there is no such file."]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError([f"{path}:1: cannot be read as UTF-8 text ({error})."]) from None
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise SourceError([f"{path}:1: the file is empty."])
        lines: dict[Place, int] = {}
        twice = _walk(node, (), lines)
        source = Source(path, loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SourceError([f"{path}:{line}: not valid YAML: {error.problem}."]) from None
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
                problems.append(Problem(inner, f"{name!r} stands here twice; keep one."))
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
    name = repr(place[-1]) if place else "the file"
    return Problem(place, _SENTENCES.get(detail["type"], _other)(name, detail))


def _other(name: str, detail: ErrorDetails) -> str:
    return f"{name}: {detail['msg']} (found {_short(detail['input'])})."


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


def _not_text(name: str, detail: ErrorDetails) -> str:
    return f"{name} must be text; {_short(detail['input'])} is not: put it in quotes."


def _choices(name: str, detail: ErrorDetails) -> str:
    return f"{name} must be {detail['ctx']['expected']}, not {_short(detail['input'])}."


def _bound(name: str, words: str, limit: object, detail: ErrorDetails) -> str:
    return f"{name} must be {words} {limit:g}, not {_short(detail['input'])}."


def _entries(detail: ErrorDetails) -> str:
    least = detail["ctx"]["min_length"]
    return "1 entry" if least == 1 else f"{least} entries"


def _unknown_kind(name: str, detail: ErrorDetails) -> str:
    tag, known = str(detail["ctx"]["tag"]), str(detail["ctx"]["expected_tags"])
    close = difflib.get_close_matches(tag, sorted(_KINDS), 1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    return f"there is no kind {tag!r}; the kinds are {known}.{meant}"


_SENTENCES: dict[str, Callable[[str, ErrorDetails], str]] = {
    "missing": lambda name, detail: f"{name} is missing; add it.",
    "extra_forbidden": lambda name, detail: f"{name} is not a field here; is it misspelt, or indented too far?",
    "string_type": _not_text,
    "string_too_short": lambda name, detail: f"{name} is empty; write it.",
    "string_pattern_mismatch": lambda name, detail: (
        f"{name} must be made of small letters, digits and single hyphens (or be a dotted name under course), "
        f"not {_short(detail['input'])}."
    ),
    "bool_type": lambda name, detail: f"{name} must be true or false, not {_short(detail['input'])}.",
    "float_type": lambda name, detail: f"{name} must be a number, not {_short(detail['input'])}.",
    "float_parsing": lambda name, detail: f"{name} must be a number, not {_short(detail['input'])}.",
    "too_short": lambda name, detail: f"{name} needs at least {_entries(detail)}.",
    "greater_than": lambda name, detail: _bound(name, "more than", detail["ctx"]["gt"], detail),
    "greater_than_equal": lambda name, detail: _bound(name, "at least", detail["ctx"]["ge"], detail),
    "less_than_equal": lambda name, detail: _bound(name, "at most", detail["ctx"]["le"], detail),
    "int_type": lambda name, detail: f"{name} must be a whole number, not {_short(detail['input'])}.",
    "literal_error": _choices,
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": lambda name, detail: "'kind' is missing: single, multiple, numeric or order.",
    "model_type": lambda name, detail: f"{name} must be a mapping of fields, not {_short(detail['input'])}.",
    "dict_type": lambda name, detail: f"{name} must be a mapping, not {_short(detail['input'])}.",
    "tuple_type": lambda name, detail: f"{name} must be a list, not {_short(detail['input'])}.",
}
