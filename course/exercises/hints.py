"""`check("name", hint=True)`: one more hint each time it is asked for. Hints cost nothing and are not recorded."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass

from course.exercises.registry import find_exercise
from course.language import _
from course.verdict import marked

_shown: Counter[str] = Counter()  # in this kernel, by exercise


@dataclass(frozen=True)
class Hint:
    """Some of an exercise's hints, in words for a terminal and for a notebook. The last one says that it is."""

    name: str
    texts: tuple[str, ...]
    number: int
    total: int

    def __repr__(self) -> str:
        return "\n".join([self._title(), *self.texts, *self._closing()])

    def _repr_html_(self) -> str:
        paragraphs = [f"<strong>{html.escape(self._title())}</strong>", *map(marked, self.texts)]
        paragraphs += [f"<em>{html.escape(closing)}</em>" for closing in self._closing()]
        return '<div class="course-hint">' + "".join(f"<p>{text}</p>" for text in paragraphs) + "</div>"

    def _title(self) -> str:
        if not self.total:
            return _("{name} has no hints.").format(name=self.name)
        if self.number > self.total:
            return _("All hints for {name}").format(name=self.name)
        return _("Hint {number} of {total} for {name}").format(number=self.number, total=self.total, name=self.name)

    def _closing(self) -> list[str]:
        return [_("That was the last hint.")] if self.texts and self.number >= self.total else []


def next_hint(name: str) -> Hint:
    """The next hint for that exercise; once all were shown, all of them again. UsageError for an unknown exercise."""
    _chapter, exercise = find_exercise(name)
    hints = tuple(exercise.hints())
    _shown[name] += 1
    number = _shown[name]
    texts = hints if number > len(hints) else hints[number - 1 : number]
    return Hint(name, texts, number, len(hints))


def forget_hints() -> None:
    """The next hint of every exercise is its first again."""
    _shown.clear()
