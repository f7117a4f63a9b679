"""How long a learner waits between moving a slider of the lesson and seeing the new picture, in a real browser.

    python -m benchmarks.lesson_latency [--chapter 2-4-dropout]         (from the project's root; needs Chromium)

Starts JupyterLab as `course lab` does, runs the lesson, presses an arrow key on each slider several times, and prints
for each cell with sliders the median and the slowest time from the key to the decoded new picture.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.chapter import chosen_chapter, course_of, with_chapter
from tests.platform.browser.conftest import FLAGS, open_notebook, run_all, start_lab, stop
from tests.system import chromium

# Resolves with the milliseconds from the next key press to the moment the new picture is decoded.
WATCH = """cell => {
  const shown = () => cell.querySelector('figure img');
  const before = shown().src;
  window.lessonLatency = new Promise(resolve => {
    let pressed = 0;
    addEventListener('keydown', () => { pressed = performance.now(); }, {capture: true, once: true});
    const observer = new MutationObserver(async () => {
      const image = shown();
      if (!image || image.src === before) return;
      observer.disconnect();
      await image.decode();
      resolve(performance.now() - pressed);
    });
    observer.observe(cell, {subtree: true, childList: true, attributes: true});
  });
}"""


def latencies(page: Page, cell: Locator, presses: int) -> list[float]:
    """Milliseconds for each press on each slider of the cell, up and down in turn."""
    found = []
    for place in range(cell.locator(".noUi-handle").count()):
        handle = cell.locator(".noUi-handle").nth(place)
        for press in range(presses):
            handle.focus()
            cell.evaluate(WATCH)
            page.keyboard.press("ArrowLeft" if press % 2 else "ArrowRight")
            found.append(float(page.evaluate("() => window.lessonLatency")))
            page.wait_for_timeout(100)
    return found


def main() -> None:
    parser = with_chapter(argparse.ArgumentParser(description=__doc__))
    parser.add_argument("--presses", type=int, default=8, help="key presses on each slider")
    arguments = parser.parse_args()
    chapter, presses = chosen_chapter(arguments), int(arguments.presses)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        process, lab = start_lab(course_of(chapter, Path(folder) / "course"))
        try:
            page = playwright.chromium.launch(executable_path=chromium(), args=FLAGS).new_page()
            page.set_viewport_size({"width": 1400, "height": 1000})
            notebook = open_notebook(page, lab, f"{chapter.slug}/lesson.ipynb")
            run_all(page)
            everything = []
            for cell in notebook.locator(".jp-CodeCell", has=page.locator("figure img")).all():
                cell.scroll_into_view_if_needed()
                times = latencies(page, cell, presses)
                if not times:  # a picture that stays as it is
                    continue
                everything += times
                name = cell.locator(".jp-InputArea").inner_text().strip().splitlines()[0][:40]
                print(f"{name:40} median {statistics.median(times):4.0f} ms, slowest {max(times):4.0f} ms", flush=True)
            print(f"{'all':40} median {statistics.median(everything):4.0f} ms, slowest {max(everything):4.0f} ms")
        finally:
            stop(process)


if __name__ == "__main__":
    main()
