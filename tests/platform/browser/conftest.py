"""A real JupyterLab on the tiny course, started by `course lab`, in a real Chromium.

Screenshots go to $COURSE_SCREENSHOTS (a folder) where it is set, so that a person can look at what a test saw.
"""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
import warnings
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.platform.tiny import copy_course, environment

TOKEN = "browser-tests"
PATIENCE = 60_000  # milliseconds; the machine may be busy
LONG = 240_000  # for a kernel's first start, and for what nbgrader does with a class
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab: its address, and the workspace folder that it shows."""

    address: str
    workspace: Path

    def url(self, path: str) -> str:
        return f"{self.address}/lab/tree/{path}?token={TOKEN}&reset"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])


COURSE = (sys.executable, "-m", "course")
# What stands in the brackets before the code cells of the visible notebook; whether any of it is new, and none at work.
NUMBERS = """() => [...document.querySelectorAll('.jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell .jp-InputPrompt')]
    .map(prompt => prompt.textContent)"""
BEGUN = f"before => ({NUMBERS})().some((prompt, place) => prompt !== before[place])"
AT_REST = f"() => ({NUMBERS})().every(prompt => !prompt.includes('*'))"
FAILED = ".jp-NotebookPanel:visible [data-mime-type='application/vnd.jupyter.error']"
LOST_REQUESTS: deque[str] = deque(maxlen=12)  # requests of pages that failed or were refused, the newest last


def start_lab(
    root: Path, course: Sequence[str] = COURSE, variables: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[bytes], Lab]:
    """Runs `course lab` in root, which holds a course or begins empty, and waits until it answers.

    variables: its environment; that of the tests' own engine where none is given.
    """
    port = free_port()
    settings = {
        **(environment() if variables is None else variables),
        "JUPYTER_TOKEN": TOKEN,
        "JUPYTERLAB_SETTINGS_DIR": str(root / ".lab-settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(root / ".lab-workspaces"),
    }
    command = [*course, "lab", "--no-browser", "--port", str(port)]
    log = (root / "lab.log").open("wb")
    process = subprocess.Popen(command, cwd=root, env=settings, stdout=log, stderr=log, start_new_session=True)
    lab = Lab(f"http://localhost:{port}", root / "workspace")
    for _attempt in range(240):
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{lab.address}/api?token={TOKEN}", timeout=2)
            return process, lab
        except OSError:
            time.sleep(0.25)
    stop(process)
    raise RuntimeError(f"JupyterLab did not start:\n{(root / 'lab.log').read_text()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends the server and its kernels (they share its process group)."""
    try:
        os.killpg(process.pid, 15)
        process.wait(20)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        process.kill()


@contextlib.contextmanager
def formgrader_in(root: Path) -> Iterator[str]:
    """Address of formgrader in a JupyterLab that an instructor starts in the course folder root."""
    port = free_port()
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--port", str(port)]
    settings = environment(JUPYTER_TOKEN=TOKEN)
    with (root / "lab.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=root, env=settings, stdout=log, stderr=log, start_new_session=True)
    address = f"http://localhost:{port}/formgrader"
    for _attempt in range(240):
        try:
            urllib.request.urlopen(f"{address}?token={TOKEN}", timeout=2)
            break
        except OSError:
            time.sleep(0.25)
    try:
        yield address
    finally:
        stop(process)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One server for all browser tests; each test brings its own notebook or leaves the files as it wants them."""
    process, running = start_lab(copy_course(tmp_path_factory.mktemp("lab") / "course"))
    yield running
    stop(process)


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all browser tests, so that JupyterLab's own files are fetched once."""
    shared = browser.new_context(viewport={"width": 1400, "height": 1000})
    shared.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield shared
    shared.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    opened = new_page(context)
    yield opened
    opened.close()


def new_page(context: BrowserContext) -> Page:
    """A page on which JupyterLab's own questions are answered, and that tells which of its requests failed."""
    page = context.new_page()
    asked_for = page.get_by_role("button", name="Confirm Kernel Restart")  # by a test
    page.add_locator_handler(page.locator(".jp-Dialog", has_not=asked_for), answer, no_wait_after=True)
    page.on("requestfailed", lambda request: LOST_REQUESTS.append(f"{request.method} {request.url}: {request.failure}"))
    page.on("response", lambda got: LOST_REQUESTS.append(f"{got.status} {got.url}") if got.status >= 400 else None)
    return page


def answer(dialog: Locator) -> None:
    """What JupyterLab asks of itself on a busy machine (which kernel, a server that answers late): its own proposal.

    One question may follow another at once: each is answered in its turn, and one that went by itself is let go.
    Where it proposes none of the kernels, it did not get the server's list, and asks for it again only after minutes:
    the page is loaded again. The words of all questions stand among the run's warnings.
    """
    asked = dialog.first
    with contextlib.suppress(NotInTime):
        warnings.warn(f"JupyterLab asked: {asked.inner_text(timeout=2000)!r}", stacklevel=1)
        if asked.locator("option[value=null]:checked").count():
            warnings.warn(f"It proposes no kernel. Requests that failed: {list(LOST_REQUESTS)}", stacklevel=1)
            asked.page.reload()
        else:
            asked.locator(".jp-mod-accept").click(timeout=2000)


def open_notebook(page: Page, lab: Lab, path: str) -> Locator:
    """Opens a notebook by its address and waits for its kernel and its cells; returns the visible notebook."""
    page.goto(lab.url(path))
    notebook = page.locator(".jp-NotebookPanel:visible")
    expect(notebook.locator(".jp-KernelName")).to_have_text(re.compile("Python 3"), timeout=LONG)
    indicator = notebook.locator(".jp-Notebook-ExecutionIndicator")  # says idle as well while there is no kernel yet
    expect(indicator).to_have_attribute("data-status", "idle", timeout=LONG)
    cells = nbformat.read(lab.workspace / path, as_version=4).cells
    expect(notebook.locator(".jp-Cell")).to_have_count(len(cells))  # one empty cell stands there until they come
    return notebook


def wait_idle(page: Page) -> None:
    """Waits until the kernel has had nothing to do for a second and a half (between two cells it is idle too)."""
    indicator = page.locator(".jp-NotebookPanel:visible .jp-Notebook-ExecutionIndicator")
    calm = 0
    for _look in range(LONG // 100):
        calm = calm + 1 if indicator.get_attribute("data-status") == "idle" else 0
        if calm == 15:
            return
        page.wait_for_timeout(100)
    raise TimeoutError("The kernel did not come to rest.")


def run_all(page: Page) -> None:
    """Run → Run All Cells, by the menu, and waits until every code cell has a new number, or one has failed.

    While its kernel is being connected JupyterLab lets that go by, so it is clicked until the cells are seen to run.
    """
    before = page.evaluate(NUMBERS)
    for _attempt in range(LONG // 3000):
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
        with contextlib.suppress(NotInTime):
            page.wait_for_function(BEGUN, arg=before, timeout=3000)
        page.wait_for_function(AT_REST, timeout=LONG)
        now = page.evaluate(NUMBERS)
        fresh = [number for place, number in enumerate(now) if number not in before[place : place + 1]]
        ran = len(fresh) == len(now) and all(re.search(r"\d", number) for number in fresh)
        if ran or page.locator(FAILED).count():
            return
    kernel = page.locator(".jp-NotebookPanel:visible .jp-KernelName").inner_text()
    raise RuntimeError(f"Not every cell runs: {now}. Kernel: {kernel}. Requests that failed: {list(LOST_REQUESTS)}")


def run_cell(page: Page, notebook: Locator, source: str) -> Locator:
    """Runs the code cell whose source holds this, with Ctrl + Enter, and returns it.

    While its kernel is being connected JupyterLab lets that go by, so it is pressed until the cell is seen to run.
    """
    cell = notebook.locator(".jp-CodeCell", has_text=source).first
    cell.scroll_into_view_if_needed()
    prompt = cell.locator(".jp-InputPrompt")
    before = prompt.inner_text()
    for _attempt in range(PATIENCE // 2000):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(AssertionError):
            expect(prompt).not_to_have_text(before, timeout=2000)
            break
    expect(prompt).to_have_text(re.compile(r"\d"), timeout=LONG)
    return cell


def screenshot(page: Page, name: str) -> None:
    folder = os.environ.get("COURSE_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def save(page: Page) -> None:
    """Ctrl + S, wherever the focus is, and waits until the notebook's tab says that nothing is left to save."""
    page.keyboard.press("Control+s")
    expect(page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)
