"""What JupyterLab asks of itself in the middle of a test is answered, however many questions come one after another."""

import urllib.request

import nbformat
import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.platform.browser.conftest import TOKEN, Lab, open_notebook, run_all

ASKING = """
<button id=run onclick="this.textContent = 'run'">not run</button>
<script>
  const ask = left => {  // as JupyterLab does: the next question stands there once the last one is answered
    const asked = document.createElement('dialog');
    asked.className = 'jp-Dialog';
    asked.innerHTML = `<p>Question ${left}</p><button class="jp-mod-accept">Ok</button>`;
    document.body.append(asked);
    asked.showModal();
    asked.querySelector('button').onclick = () => { asked.remove(); if (left > 1) ask(left - 1); };
  };
  ask(%d);
</script>
"""


@pytest.mark.parametrize("questions", [1, 3])
def test_questions_that_follow_one_another_are_answered(page: Page, questions: int) -> None:
    page.set_content(ASKING % questions)
    with pytest.warns(UserWarning, match="Question 1"):
        page.locator("#run").click(timeout=10_000)
    expect(page.locator("#run")).to_have_text("run")


def test_a_page_that_got_no_list_of_kernels_is_loaded_again(page: Page, lab: Lab) -> None:
    """It proposes "No Kernel" then, beside those that run, lets all cells go by, and asks the server after minutes."""
    other = urllib.request.Request(f"{lab.address}/api/kernels?token={TOKEN}", data=b"{}", method="POST")
    urllib.request.urlopen(other).close()
    loads: list[Request] = []
    page.on("request", lambda request: loads.append(request) if request.is_navigation_request() else None)
    page.route("**/api/kernelspecs*", lambda route: refuse_while(route, len(loads) == 1))
    cells = [nbformat.v4.new_code_cell("1 + 1"), nbformat.v4.new_code_cell("2 + 2")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), lab.workspace / "no-list.ipynb")
    with pytest.warns(UserWarning, match=r"proposes no kernel.*503 http.*api/kernelspecs"):
        notebook = open_notebook(page, lab, "no-list.ipynb")
    run_all(page)
    expect(notebook.locator(".jp-OutputArea-output")).to_have_text(["2", "4"])


def refuse_while(route: Route, refused: bool) -> None:
    if refused:
        route.fulfill(status=503, json={"message": "Busy."})
    else:
        route.continue_()
