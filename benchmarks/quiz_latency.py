"""How long a learner waits from a click on an option to its explanation, in a real JupyterLab in Chromium.

    python -m benchmarks.quiz_latency [--chapter 2-4-dropout] [clicks]

Times are taken inside the page: from the click's event to the change of the place where the result is said and to the
frame that draws it. Everything in between counts: the message to the kernel, the answer on disk (fsynced), and back.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

import nbformat
from playwright.sync_api import Page, sync_playwright

from benchmarks.chapter import chosen_chapter, course_of, question_to_answer, with_chapter
from course.catalog import Chapter
from tests.platform.browser.conftest import FLAGS, Lab, open_notebook, run_all, start_lab, stop
from tests.system import chromium

# Clicks one option after the other; each wait ends with the frame after the explanation has come.
MEASURE = """async ([question, clicks]) => {
  const block = document.querySelector(`[data-question='${question}']`);
  const result = block.querySelector(".course-result");
  const inputs = [...block.querySelectorAll("input")];
  const times = [];
  for (let i = 0; i < clicks; i++) {
    const drawn = new Promise((resolve) => {
      const watcher = new MutationObserver(() => {
        if (!result.querySelector("[data-status]")) return;
        watcher.disconnect();
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      });
      watcher.observe(result, {childList: true, subtree: true});
    });
    const begun = performance.now();
    inputs[i % inputs.length].click();
    times.push(await drawn - begun);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return times;
}"""


def measure(page: Page, lab: Lab, chapter: Chapter, clicks: int) -> list[float]:
    """Milliseconds of each click."""
    question, _options = question_to_answer(chapter)
    folder = lab.workspace / "latency"
    folder.mkdir()
    cell = nbformat.v4.new_code_cell(f'from course import quiz\nquiz("{chapter.slug}")')
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), folder / "quiz.ipynb")
    open_notebook(page, lab, "latency/quiz.ipynb")
    run_all(page)
    page.locator(f"[data-question='{question}']").wait_for()
    times: list[float] = page.evaluate(MEASURE, [question, clicks])
    return times


def main(chapter: Chapter, clicks: int) -> None:
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        process, lab = start_lab(course_of(chapter, Path(place) / "course"))
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            times = sorted(measure(browser.new_page(), lab, chapter, clicks))
            browser.close()
        finally:
            stop(process)
    print(f"click to explanation, {len(times)} clicks: median {statistics.median(times):.0f} ms, ", end="")
    print(f"90th percentile {times[int(0.9 * len(times))]:.0f} ms, slowest {times[-1]:.0f} ms")


if __name__ == "__main__":
    parser = with_chapter(argparse.ArgumentParser(description=__doc__))
    parser.add_argument("clicks", nargs="?", type=int, default=60)
    arguments = parser.parse_args()
    main(chosen_chapter(arguments), arguments.clicks)
