"""How long a learner waits between moving a slider of the lesson and seeing the new picture, in a real browser.

    python -m benchmarks.lesson_latency            (from the project's root; needs Chromium)

Starts JupyterLab as `course lab` does, runs the lesson, presses an arrow key on each slider several times, and prints
for each widget the median and the slowest time from the key to the decoded new picture.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser.conftest import FLAGS, open_notebook, run_all, start_lab, stop
from tests.conftest import SLUG, copy_course
from tests.system import chromium

WIDGETS = ("staffing_simulator", "adaptation_lab", "network_drawing")
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presses", type=int, default=8, help="key presses on each slider")
    presses: int = parser.parse_args().presses
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        process, lab = start_lab(copy_course(Path(folder) / "course"))
        try:
            page = playwright.chromium.launch(executable_path=chromium(), args=FLAGS).new_page()
            page.set_viewport_size({"width": 1400, "height": 1000})
            notebook = open_notebook(page, lab, f"{SLUG}/lesson.ipynb")
            run_all(page)
            everything = []
            for name in WIDGETS:
                cell = notebook.locator(".jp-CodeCell", has_text=f"lesson.{name}()").first
                cell.scroll_into_view_if_needed()
                times = latencies(page, cell, presses)
                everything += times
                print(f"{name:20} median {statistics.median(times):4.0f} ms, slowest {max(times):4.0f} ms", flush=True)
            print(f"{'all':20} median {statistics.median(everything):4.0f} ms, slowest {max(everything):4.0f} ms")
        finally:
            stop(process)


if __name__ == "__main__":
    main()
