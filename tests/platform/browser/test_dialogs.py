"""What JupyterLab asks of itself in the middle of a test is answered, however many questions come one after another."""

import pytest
from playwright.sync_api import Page, expect

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
