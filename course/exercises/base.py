"""What an exercise is: observed beside the learner's code, judged elsewhere.

`Exercise` makes the inputs and calls the learner's function; it returns plain data. `Judge` sees those data and the
inputs, never the learner's objects. Both sides make the same cases from the same seed, so a judge never has to
believe what the learner's side says its inputs were.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import numpy as np

from course.catalog import Chapter
from course.exercises.codec import BadValue, Value, decode, encode
from course.exercises.misconceptions import misconception_text
from course.language import _
from course.verdict import Finding, Verdict, total_points, weighted

Attempt = Literal["missing", "stub", "attempted"]
VISIBLE_SEED = 7
MAX_CASES = 50


@dataclass(frozen=True)
class Case:
    """One set of inputs. label tells the learner what was tried, e.g. 'rate=0.2, x of shape (200, 500)'."""

    label: str
    inputs: Mapping[str, Any]


@dataclass(frozen=True)
class Observation:
    """What the learner's function did with one case: named plain values, or a sentence on why there are none.

    encoded: the values as `encode` makes them, where that has been done already.
    """

    values: Mapping[str, Value] = field(default_factory=dict)
    error: str | None = None
    encoded: Any = None


@dataclass(frozen=True)
class Transcript:
    """Everything that crosses the wall for one exercise: one observation per case, in order."""

    attempt: Attempt
    observations: tuple[Observation, ...] = ()


class ContractBroken(Exception):
    """What came back is not what the exercise asks for; the message says what was expected and what came.

    misconception: code of the wrong idea that it fits, where a judge knows one.
    """

    def __init__(self, message: str, misconception: str | None = None) -> None:
        super().__init__(message)
        self.misconception = misconception


class Exercise(ABC):
    """The learner's side. Runs in the learner's kernel, next to code that nobody has vouched for."""

    entry: ClassVar[str]
    points: ClassVar[float]
    needs_keras: ClassVar[bool] = False  # if so, it is loaded before the learner's time begins
    time_factor: ClassVar[float] = 1.0  # of the usual time for a case, where `observe` itself trains for a while

    def hints(self) -> Sequence[str]:
        """Two or three, from a nudge to nearly the idea; never the solution."""
        return ()

    @abstractmethod
    def cases(self, rng: np.random.Generator) -> Iterable[Case]:
        """The inputs to try, made from rng alone. The learner sees one seed, grading uses others."""

    @abstractmethod
    def observe(self, candidate: Callable[..., Any], case: Case) -> Mapping[str, Value]:
        """Calls the learner's function on one case. May raise ContractBroken, or whatever the function raises."""


class Judge(ABC):
    """The trusted side. Sees the cases and the observed values, nothing else.

    misconceptions: codes of those that it can name; the chapter's misconceptions.yml has the words.
    chapter: where these words stand; the registry says it.
    """

    misconceptions: ClassVar[tuple[str, ...]] = ()
    chapter: Chapter | None = None

    @abstractmethod
    def judge(self, case: Case, values: Mapping[str, Value]) -> list[Finding]:
        """Findings on one case; those with the same label are one criterion, which passes if it passes everywhere.

        Raises ContractBroken where a value has the wrong type or shape.
        """


def judge_transcript(
    exercise: Exercise, judge: Judge, seed: int, transcript: Transcript, max_score: float | None = None
) -> Verdict:
    """The verdict on a transcript of cases made from the same seed. Never raises for anything in the transcript."""
    points = exercise.points if max_score is None else max_score
    if transcript.attempt != "attempted":
        return not_attempted(exercise, points, transcript.attempt)
    cases = list(exercise.cases(np.random.default_rng(seed)))
    if len(cases) != len(transcript.observations):
        reason = _("The answers do not fit the questions: not one observation for each case.")
        return Verdict(exercise.entry, None, points, "error", reason=reason)
    findings: list[Finding] = []
    broken: list[Finding] = []
    for case, observation in zip(cases, transcript.observations, strict=True):
        try:
            if observation.error is not None:
                raise ContractBroken(observation.error)
            with np.errstate(all="ignore"):  # numbers of any size may come; they are wrong, not worth a warning
                findings += [_with_case(finding, case) for finding in judge.judge(case, observation.values)]
        except ContractBroken as error:
            label = _("runs, and returns what the task says")
            broken.append(_with_case(Finding(False, label, str(error), misconception=error.misconception), case))
    shown = [_in_words(each, judge.chapter) for each in _criteria(findings) + _broken(findings, broken, len(cases))]
    return weighted(exercise.entry, shown, points)


def not_attempted(exercise: Exercise, points: float, attempt: Attempt) -> Verdict:
    reasons = {
        "missing": _(
            "There is no function {name} yet. Run the cell that defines it, then check again. "
            "If that cell stops with an error, mend the error first."
        ),
        "stub": _("{name} is still empty. Write your solution in its cell, run that cell, then check again."),
    }
    reason = reasons.get(attempt, reasons["missing"]).format(name=exercise.entry)
    return Verdict(exercise.entry, 0.0, points, "not attempted", reason=reason)


def _with_case(finding: Finding, case: Case) -> Finding:
    """A failing finding tells which case it failed on."""
    if finding.passed:
        return finding
    message = _("Tried: {case}.\n{error}").format(case=case.label, error=finding.message)
    return replace(finding, message=message.rstrip("\n"))


def _in_words(finding: Finding, chapter: Chapter | None) -> Finding:
    """With what its misconception says, and the section to reread."""
    if chapter is None or finding.misconception is None:
        return finding
    says, section = misconception_text(chapter, finding.misconception)
    return replace(finding, says=says, reread=section)


def _criteria(findings: Sequence[Finding]) -> list[Finding]:
    """One finding per label: the first failing one if any failed, else the first."""
    by_label: dict[str, Finding] = {}
    for finding in findings:
        known = by_label.get(finding.label)
        if known is None or (known.passed and not finding.passed):
            by_label[finding.label] = finding
        elif not finding.passed and finding.misconception and not known.misconception:
            by_label[finding.label] = finding
    return list(by_label.values())


def _broken(findings: Sequence[Finding], broken: Sequence[Finding], n_cases: int) -> list[Finding]:
    """Cases that raised or broke the contract cost their share of the points, shown as one finding."""
    reached = total_points(finding.weight for finding in _criteria(findings))
    left = n_cases - len(broken)
    weight = reached * len(broken) / left if reached and left else 1.0
    return [replace(finding, weight=weight) for finding in _criteria(broken)]


def transcript_to_json(transcript: Transcript) -> dict[str, Any]:
    return {
        "attempt": transcript.attempt,
        "observations": [
            {"values": o.encoded or encode(dict(o.values)), "error": None if o.error is None else encode(o.error)}
            for o in transcript.observations
        ],
    }


def transcript_from_json(data: object) -> Transcript:
    """Reads what the learner's side wrote. Raises BadValue for anything that this course does not write."""
    if not isinstance(data, dict) or data.get("attempt") not in ("missing", "stub", "attempted"):
        raise BadValue("not a transcript")
    entries = data.get("observations")
    if not isinstance(entries, list) or len(entries) > MAX_CASES:
        raise BadValue("not a list of observations")
    decoded = decode([[entry.get("values"), entry.get("error")] for entry in entries if isinstance(entry, dict)])
    observations = []
    for values, error in decoded:  # type: ignore[union-attr, misc]
        if not isinstance(values, dict) or not (error is None or isinstance(error, str)):
            raise BadValue("not an observation")
        observations.append(Observation(values, error))
    return Transcript(data["attempt"], tuple(observations))
