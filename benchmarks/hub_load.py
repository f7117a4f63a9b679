"""How long an answer takes to be on disk when many learners answer quizzes at once, and what a learner costs in memory.

    python -m benchmarks.hub_load [--chapter 2-4-dropout] [learners] [answers]

Each learner has a kernel of their own, as on a hub: the quiz is shown in it, and answers are sent over the same
messages that a browser sends. All answer at the same time, one answer after the other. Time runs from the message to
the kernel's reply, which comes after answers.json was written and fsynced. What the hub, its proxy and a JupyterLab
server for each learner add is not in these figures.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

import psutil
from jupyter_client.manager import start_new_kernel

from benchmarks.chapter import chosen_chapter, question_to_answer, with_chapter
from course.catalog import Chapter
from course.quiz.record import read_answers
from tests.conftest import environment


@dataclass(frozen=True)
class Learner:
    """A learner's kernel and the folder that it works in."""

    manager: Any
    client: Any
    folder: Path

    def memory(self) -> float:
        """Megabytes that only this kernel holds."""
        return float(psutil.Process(self.manager.provisioner.process.pid).memory_full_info().uss / 2**20)

    def run(self, code: str) -> None:
        reply = self.client.execute_interactive(code, timeout=300, output_hook=lambda _message: None)
        if reply["content"]["status"] != "ok":
            raise RuntimeError("\n".join(reply["content"]["traceback"]))

    def answer_in_turn(self, question: str, options: list[str], answers: int, start: Barrier) -> list[float]:
        """Milliseconds from the click's message to the answer on disk, for each answer."""
        start.wait()
        times = []
        for number in range(answers):
            begun = time.monotonic()
            given = {"question": question, "response": options[number % len(options)]}
            self.run(f"shown._receive(shown, {given!r}, [])")
            times.append(1000 * (time.monotonic() - begun))
        return times


@contextmanager
def learner(folder: Path) -> Iterator[Learner]:
    folder.mkdir()
    manager, client = start_new_kernel(cwd=str(folder), env=environment())
    try:
        yield Learner(manager, client, folder)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def main(chapter: Chapter, learners: int, answers: int) -> None:
    question, options = question_to_answer(chapter)
    show = f'from course import quiz\nshown = quiz("{chapter.slug}")\nshown'
    with tempfile.TemporaryDirectory(prefix="hub-load-") as place, ExitStack() as stack:
        begun = time.monotonic()
        class_ = [stack.enter_context(learner(Path(place) / f"learner-{n}")) for n in range(learners)]
        with ThreadPoolExecutor(learners) as threads:
            list(threads.map(lambda one: one.run(show), class_))
            print(f"{learners} kernels with the quiz shown after {time.monotonic() - begun:.0f} s")
            start = Barrier(learners)
            begun = time.monotonic()
            waits = list(threads.map(lambda one: one.answer_in_turn(question, options, answers, start), class_))
        seconds = time.monotonic() - begun
        for one in class_:
            kept = read_answers(one.folder).quiz(chapter.slug).answers[question].answers
            assert len(kept) == answers, f"{one.folder.name}: {len(kept)} of {answers} answers are on disk"
        times = sorted(wait for waited in waits for wait in waited)
        memory = sorted(one.memory() for one in class_)
    print(
        f"{len(times)} answers in {seconds:.1f} s, every one on disk: median {statistics.median(times):.0f} ms, ",
        end="",
    )
    print(f"90th percentile {times[int(0.9 * len(times))]:.0f} ms, slowest {times[-1]:.0f} ms")
    print(f"memory of a learner's kernel: median {statistics.median(memory):.0f} MB, most {memory[-1]:.0f} MB")


if __name__ == "__main__":
    parser = with_chapter(argparse.ArgumentParser(description=__doc__))
    parser.add_argument("learners", nargs="?", type=int, default=50)
    parser.add_argument("answers", nargs="?", type=int, default=20)
    arguments = parser.parse_args()
    main(chosen_chapter(arguments), arguments.learners, arguments.answers)
