"""A deck of cards: a piece of code on each, guesses about it, and a reply to every guess.

It must never run the code, and never record or grade anything.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import ipywidgets

from course.language import _
from course.lessons.controls import theme_style


@dataclass(frozen=True)
class Guess:
    """text: what can be chosen. reply: what is said to it, plain text."""

    text: str
    reply: str


@dataclass(frozen=True)
class Card:
    """A snippet, the right guess, and wrong ones. place: where the right guess stands among the guesses shown (0 is
    the first)."""

    name: str
    code: str
    right: Guess
    wrong: tuple[Guess, ...]
    place: int

    @property
    def guesses(self) -> tuple[Guess, ...]:
        """All guesses, in the order shown."""
        return (*self.wrong[: self.place], self.right, *self.wrong[self.place :])


class CardDeck(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """One card at a time: choose it from the list or step on; choose a guess and read the reply.

    summary: a sentence for viewers that cannot show widgets (under 110 characters). question: asked of every card.
    """

    def __init__(self, cards: Sequence[Card], summary: str, question: str) -> None:
        self.cards, self._summary, self._question = tuple(cards), summary, question
        self._found: set[int] = set()
        initial = {"description_width": "initial"}
        names = [(f"{n}. {card.name}", n - 1) for n, card in enumerate(self.cards, 1)]
        self.card = ipywidgets.Dropdown(options=names, value=0, description=_("Card"), style=initial)
        self.next = ipywidgets.Button(description=_("Next card"), layout=ipywidgets.Layout(width="auto"))
        self.code, self.reply = ipywidgets.HTML(), ipywidgets.HTML()
        self.guess = ipywidgets.RadioButtons(
            options=[""], description=_("Guess"), style=initial, layout=ipywidgets.Layout(width="auto")
        )
        choosing = ipywidgets.HBox([self.card, self.next])
        super().__init__([theme_style(), choosing, self.code, self.guess, self.reply])
        self.card.observe(self._deal, names="value")
        self.guess.observe(self._answer, names="value")
        self.next.on_click(self._step)
        self._deal()

    def __repr__(self) -> str:
        return self._summary

    @property
    def shown(self) -> Card:
        """The card that lies open."""
        return self.cards[int(self.card.value)]

    def _step(self, _button: object) -> None:
        self.card.value = (self.card.value + 1) % len(self.cards)

    def _deal(self, _change: object = None) -> None:
        self.code.value = (
            '<pre style="padding:0.7em 1em;border-left:4px solid #56B4E9;'
            'background:var(--jp-layout-color2,#f3f3f3);line-height:1.4">'
            f"{html.escape(self.shown.code)}</pre>"
        )
        self.guess.options = [(guess.text, place) for place, guess in enumerate(self.shown.guesses)]
        self.guess.value = None
        self._tell(self._question)

    def _answer(self, _change: object = None) -> None:
        if self.guess.value is None:
            return
        chosen = self.shown.guesses[self.guess.value]
        right = chosen is self.shown.right
        if right:
            self._found.add(self.card.value)
        found = _("Found: {n} of {all}.").format(n=len(self._found), all=len(self.cards))
        self._tell(f"{'✔' if right else '✘'} {chosen.reply} {found}")

    def _tell(self, text: str) -> None:
        self.reply.value = f'<div role="status" aria-live="polite" style="line-height:1.45">{html.escape(text)}</div>'
