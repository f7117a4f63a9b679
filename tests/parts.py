"""The run's minutes by part, beside the budget: printed at the end, asserted nowhere.

A part is a folder of tests/platform, or a chapter: what it costs in tests/contract and in tests/chapters.
"""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import commands
from tests.session import ROOT

ENGINE_MINUTES, CHAPTER_MINUTES = 12, 3  # of a whole run on two cores
_TESTS = ROOT / "tests"


def part_of(path: Path, parameters: dict[str, object], slugs: dict[str, str]) -> str:
    """slugs: of the chapters by their module."""
    room, *rest = path.relative_to(_TESTS).parts
    if room == "chapters":
        return f"chapter {slugs.get(rest[0], rest[0])}"
    if room == "contract":
        return f"chapter {parameters['slug']}" if "slug" in parameters else "contract, all chapters"
    return f"{room}: {rest[0]}" if len(rest) > 1 else f"{room}: others"


def cpu_seconds() -> float:
    """Of this process, those of its children that have ended, and the commands that its tests have run."""
    times = os.times()
    own = times.user + times.system + times.children_user + times.children_system
    return own + commands.seconds_of_processors


class MinutesByPart:
    """In every process it notes each test's part; in the one that reports it adds up."""

    def __init__(self, slugs: dict[str, str], workers: int) -> None:
        self.slugs, self.workers = slugs, workers
        self.tests, self.seconds, self.processor = Counter[str](), Counter[str](), Counter[str]()
        self._before = cpu_seconds()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> object:
        report = yield
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        report.part = part_of(item.path, parameters, self.slugs)
        now = cpu_seconds()
        report.processor, self._before = now - self._before, now
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        part = report.part
        self.tests[part] += report.when == "call"
        self.seconds[part] += report.duration
        self.processor[part] += report.processor

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        lines = list(self.lines())
        if lines:
            terminalreporter.section("minutes by part", sep="-")
            for line in lines:
                terminalreporter.line(line)

    def lines(self) -> list[str]:
        """part, tests, minutes of this run, minutes of processors, budget."""
        if not self.tests:
            return []
        form = "{:<34}{:>7}{:>9}{:>11}{:>9}".format
        told = [form("part", "tests", "minutes", "processor", "budget")]
        for part in sorted(self.tests):
            budget = f"{CHAPTER_MINUTES:.1f}" if part.startswith("chapter ") else ""
            told.append(form(part, self.tests[part], *self._minutes([part]), budget))
        rooms = [part for part in self.tests if not part.startswith("chapter ")]
        chapters = len(self.tests) - len(rooms)
        if rooms:
            told.append(self._sum(form, "engine, all parts", rooms, ENGINE_MINUTES))
        whole = ENGINE_MINUTES * bool(rooms) + CHAPTER_MINUTES * chapters
        told.append(self._sum(form, "all", list(self.tests), whole))
        return told

    def _sum(self, form: Callable[..., str], title: str, parts: list[str], budget: float) -> str:
        return form(title, sum(self.tests[part] for part in parts), *self._minutes(parts), f"{budget:.1f}")

    def _minutes(self, parts: list[str]) -> tuple[str, str]:
        seconds, processor = sum(self.seconds[part] for part in parts), sum(self.processor[part] for part in parts)
        return f"{seconds / 60 / self.workers:.1f}", f"{processor / 60:.1f}"
