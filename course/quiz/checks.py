"""Whether a quiz makes sense: what its shape alone cannot tell.

`problems_of` finds what makes a quiz wrong, `advice_on` what gives an answer away. Nothing here reads a file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from course.maths import BadMaths, to_mathml
from course.quiz.questions import MultipleQuestion, NumericQuestion, OrderQuestion, Question, SingleQuestion
from course.quiz.text import formulas, to_words
from course.storage.yaml_lines import Place, Problem

if TYPE_CHECKING:
    from course.quiz.model import Quiz

LONGEST_TO_SHORTEST = 2.0
SHORT_ENOUGH = 25  # options of up to so many characters may differ freely: "0.2" against "unchanged" tells nothing


def problems_of(quiz: Quiz) -> list[Problem]:
    """Everything that must be mended before the quiz can be shown."""
    problems = list(_across_questions(quiz))
    for place, question in placed_questions(quiz):
        problems += _of_question(place, question)
        problems += _of_tags(place, question, set(quiz.misconceptions))
        problems += _of_formulas(place, question)
    return problems


def placed_questions(quiz: Quiz) -> Iterator[tuple[Place, Question]]:
    """Each question with its place in the file."""
    for i, part in enumerate(quiz.parts):
        for j, question in enumerate(part.questions):
            yield ("parts", i, "questions", j), question


def _across_questions(quiz: Quiz) -> Iterator[Problem]:
    seen: Counter[str] = Counter()
    for place, question in placed_questions(quiz):
        seen[question.id] += 1
        if seen[question.id] == 2:
            yield Problem((*place, "id"), "this id is used before; give every question its own.")
    for i, name in enumerate(quiz.predictions):
        if name not in seen:
            yield Problem(("predictions", i), f"there is no question {name!r} to predict.")
    used = {tag for _place, question in placed_questions(quiz) for _at, tag in tags_of(question)}
    for tag in quiz.misconceptions:
        if tag not in used:
            yield Problem(("misconceptions", tag), f"no option has the tag {tag!r}; use it or take it out.")
    if gives_points_away(quiz):
        yield Problem(("counts",), "'best' of any number of answers gives the points away; state 'attempts'.")


def gives_points_away(quiz: Quiz) -> bool:
    """True if whoever answers often enough has all points."""
    return quiz.feedback == "after-grading" and quiz.attempts is None and quiz.counts == "best"


def _of_question(place: Place, question: Question) -> Iterator[Problem]:
    if isinstance(question, SingleQuestion | MultipleQuestion):
        yield from _of_options(place, question)
    elif isinstance(question, NumericQuestion):
        if (question.tolerance.absolute is None) == (question.tolerance.relative is None):
            yield Problem((*place, "tolerance"), "state either 'absolute' or 'relative'.")
        for i, miss in enumerate(question.near_misses):
            if question.tolerance.covers(miss.value, question.value):
                yield Problem((*place, "near_misses", i), f"{miss.value} is within the tolerance, so it is right.")
    else:
        yield from _of_order(place, question)


def _of_options(place: Place, question: SingleQuestion | MultipleQuestion) -> Iterator[Problem]:
    right = sum(option.correct for option in question.options)
    if right == 0:
        yield Problem((*place, "options"), "no option is right; mark one with 'correct: true'.")
    if right > 1 and isinstance(question, SingleQuestion):
        yield Problem(
            (*place, "options"), f"{right} options are right in a single choice; keep one, or use 'multiple'."
        )
    yield from _twice((*place, "options"), [option.id for option in question.options])
    for i, option in enumerate(question.options):
        if option.correct and option.misconception:
            yield Problem((*place, "options", i), "a right option reveals no misconception; take the tag out.")
        if not option.correct and not option.misconception:
            yield Problem((*place, "options", i), "a wrong option needs 'misconception': which wrong idea is it?")


def _of_order(place: Place, question: OrderQuestion) -> Iterator[Problem]:
    ids = [item.id for item in question.items]
    yield from _twice((*place, "items"), ids)
    for i, mistake in enumerate(question.mistakes):
        for name in (mistake.first, mistake.then):
            if name not in ids:
                yield Problem((*place, "mistakes", i), f"there is no item {name!r}.")
        if {mistake.first, mistake.then} <= set(ids) and ids.index(mistake.first) <= ids.index(mistake.then):
            yield Problem((*place, "mistakes", i), f"{mistake.first!r} before {mistake.then!r} is the right order.")


def _twice(place: Place, ids: list[str]) -> Iterator[Problem]:
    for i, name in enumerate(ids):
        if name in ids[:i]:
            yield Problem((*place, i), f"the id {name!r} is used before in this question.")


def tags_of(question: Question) -> list[tuple[Place, str]]:
    """The misconceptions that a question can reveal, each with its place below the question."""
    if isinstance(question, SingleQuestion | MultipleQuestion):
        return [(("options", i), o.misconception) for i, o in enumerate(question.options) if o.misconception]
    if isinstance(question, NumericQuestion):
        return [(("near_misses", i), miss.misconception) for i, miss in enumerate(question.near_misses)]
    return [(("mistakes", i), mistake.misconception) for i, mistake in enumerate(question.mistakes)]


def _of_tags(place: Place, question: Question, known: set[str]) -> Iterator[Problem]:
    for at, tag in tags_of(question):
        if tag not in known:
            yield Problem((*place, *at, "misconception"), f"the tag {tag!r} is not under 'misconceptions'.")


def texts_of(question: Question) -> Iterator[tuple[Place, str]]:
    """Every Markdown text of a question, each with its place below the question."""
    for name, value in question.model_dump().items():
        if name in {"prompt", "explanation", "hint"} and isinstance(value, str):
            yield (name,), value
        if name in {"options", "items", "near_misses", "mistakes"}:
            for i, entry in enumerate(value):
                yield from (((name, i, field), entry[field]) for field in ("text", "explanation") if field in entry)


def _of_formulas(place: Place, question: Question) -> Iterator[Problem]:
    for at, text in texts_of(question):
        for formula in formulas(text):
            try:
                to_mathml(formula)
            except BadMaths as error:
                yield Problem((*place, *at), f"{error}.")


def advice_on(quiz: Quiz) -> list[Problem]:
    """What gives answers away although the quiz works: telling lengths, and a right option always in one place."""
    problems: list[Problem] = []
    for place, question in placed_questions(quiz):
        if isinstance(question, SingleQuestion):
            problems += _telling_lengths(place, question)
    return problems


def _telling_lengths(place: Place, question: SingleQuestion) -> Iterator[Problem]:
    lengths = [max(SHORT_ENOUGH, len(to_words(option.text))) for option in question.options]
    if max(lengths) > LONGEST_TO_SHORTEST * min(lengths):
        yield Problem(
            (*place, "options"),
            f"the options' lengths ({', '.join(map(str, lengths))} characters) give the answer away; "
            f"keep the longest within {LONGEST_TO_SHORTEST:g} times the shortest.",
        )
