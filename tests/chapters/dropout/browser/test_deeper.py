"""Every widget of the optional notebooks in a real JupyterLab: each control is moved, and the picture follows."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.chapters.dropout.browser.steps import Moves, assert_pictures_follow, assert_ran_clean, cell_with
from tests.conftest import SLUG
from tests.platform.browser.conftest import Lab, open_notebook, run_all, screenshot

MOVES: dict[str, Moves] = {
    "deeper-mechanism": {
        "batch_masks": [("slider", "0"), ("press", "Next step"), ("choose", "Masks", "One mask for all")],
        "moments_lab": [("slider", "0"), ("slider", "1")],
        "conventions_lab": [("slider", "0")],
        "backward_lab": [("slider", "0"), ("slider", "1"), ("press", "Next step")],
    },
    "deeper-practice": {
        "epochs_lab": [("slider", "0"), ("radio", "30 % wrong")],
        "sweep_lab": [
            ("slider", "0"),
            ("choose", "Units per layer", "32"),
            ("press", "Train here, new seed"),
            ("radio", "all right"),
        ],
        "label_noise_explorer": [("slider", "0")],
        "variance_shift_lab": [("slider", "0")],
        "order_builder": [("choose", "Dropout in", "the last block only"), ("slider", "0")],
        "partners_lab": [("radio", "yes")],
    },
    "deeper-theory": {
        "ensemble_lab": [("slider", "0"), ("slider", "1"), ("radio", "another ReLU layer")],
        "uncertainty_lab": [("choose", "Digit", "unseen: 8 (2)"), ("slider", "0"), ("slider", "1")],
        "variants_gallery": [("slider", "0"), ("choose", "Layer", "SpatialDropout1D"), ("press", "Next step")],
    },
}


@pytest.mark.parametrize("name", MOVES)
def test_every_picture_of_an_optional_notebook_follows_and_a_guess_is_replied_to(
    page: Page, lab: Lab, name: str
) -> None:
    notebook = open_notebook(page, lab, f"{SLUG}/{name}.ipynb")
    run_all(page)
    assert_ran_clean(notebook)
    assert_pictures_follow(page, notebook, MOVES[name])
    if name == "deeper-practice":
        guess_on_a_card(page, notebook)


def guess_on_a_card(page: Page, notebook: Locator) -> None:
    deck = cell_with(notebook, "lesson.spot_the_bug()")
    deck.get_by_role("radio").first.check()
    expect(deck.get_by_role("status")).to_contain_text(re.compile("[✔✘]"))
    screenshot(page, "lab-spot_the_bug")
    told = deck.locator("pre").last.inner_text()
    deck.get_by_role("button", name="Next card").click()
    expect(deck.locator("pre").last).not_to_have_text(told)
    expect(deck.get_by_role("status")).to_contain_text("What is wrong here?")
