"""Explorer, controls, cards and progress bar, driven as a learner does: by values and clicks."""

from __future__ import annotations

import html
import re

import pytest

from course.lessons.cards import Card, CardDeck, Guess
from course.lessons.controls import choice, count_slider, number_slider, stops_slider, switch
from course.lessons.explorer import Explorer
from course.lessons.panels import blank_figure
from course.lessons.picture import Picture
from course.lessons.progress_bar import ProgressBar


def say(**values: object) -> Picture:
    return Picture(blank_figure(0.1, width=0.1), "Nothing to see.", ", ".join(f"{k} {v}" for k, v in values.items()))


def an_explorer(**controls: object) -> Explorer:
    buttons = {"Next": lambda values: {"step": values["step"] + 1}}
    return Explorer("Says its values.", say, controls, {"step": 1}, buttons)


def told(explorer: Explorer) -> str:
    return html.unescape(re.search(r"<figcaption[^>]*>(.*)</figcaption>", explorer.view.value)[1])


def test_the_picture_follows_controls_and_buttons_and_is_announced():
    explorer = an_explorer(size=count_slider("Size", 3, 1, 9))
    assert told(explorer) == "step 1, size 3"
    explorer.controls["size"].value = 5
    explorer.buttons["Next"].click()
    assert told(explorer) == "step 2, size 5"
    assert 'role="status" aria-live="polite"' in explorer.view.value
    assert repr(explorer) == "Says its values."


def test_a_change_draws_once():
    explorer, seen = an_explorer(size=number_slider("Size", 0.5, 0.0, 1.0, 0.1)), []
    explorer.view.observe(seen.append, names="value")
    explorer.controls["size"].value = 0.7
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("control", "first", "last"),
    [
        (number_slider("Rate", 0.5, 0.1, 0.9, 0.1), 0.5, 0.9),
        (count_slider("Rows", 2, 1, 7), 2, 7),
        (stops_slider("Draws", (1, 10, 1_000), 10), 10, 1_000),
        (choice("Layer", {"One": "one", "Two": "two"}), "one", "two"),
        (switch("Mode", {"Training": True, "Inference": False}), True, False),
    ],
)
def test_a_control_names_itself_in_full_and_hands_its_value_to_the_drawing(control, first, last):
    explorer = an_explorer(chosen=control)
    assert control.description
    assert control.style.description_width == "initial"
    assert told(explorer) == f"step 1, chosen {first}"
    control.value = last
    assert told(explorer) == f"step 1, chosen {last}"


def test_stops_are_shown_with_thousands_apart():
    assert [text for text, _stop in stops_slider("Draws", (10, 1_000), 10).options] == ["10", "1,000"]
    assert [text for text, _stop in stops_slider("Strength", (0.0, 0.03, 1.0), 0.03).options] == ["0.0", "0.03", "1.0"]


def test_the_number_beside_a_slider_is_written_in_the_learners_language(monkeypatch):
    assert number_slider("Rate", 0.3, 0.2, 0.4, 0.1).label == "0.30"
    monkeypatch.setenv("COURSE_LANG", "es")
    slider = number_slider("Tasa", 0.3, 0.2, 0.4, 0.1)
    assert slider.label == "0,30"
    assert slider.options == (("0,20", 0.2), ("0,30", 0.3), ("0,40", 0.4))


def test_a_lists_arrow_is_light_in_the_dark_theme_on_every_widget_that_has_a_list():
    for widget in (an_explorer(layer=choice("Layer", {"One": 1})), a_deck()):
        styles = [child.value for child in widget.children if "<style>" in str(getattr(child, "value", ""))]
        assert len(styles) == 1
        assert 'body[data-jp-theme-light="false"] { --jp-widgets-dropdown-arrow: url("data:image/svg' in styles[0]


def a_deck() -> CardDeck:
    cards = [
        Card(f"Card {place}", "a < b", Guess("right", "Yes."), (Guess("wrong", "No."), Guess("odd", "Hm.")), place)
        for place in range(3)
    ]
    return CardDeck(cards, "Three cards.", "What is wrong?")


def test_every_guess_has_its_reply_and_the_right_one_stands_where_its_card_says():
    deck = a_deck()
    assert repr(deck) == "Three cards."
    for place, card in enumerate(deck.cards):
        deck.card.value = place
        assert "a &lt; b" in deck.code.value
        assert card.guesses[card.place].text == "right"
        replies = []
        for guess in range(3):
            deck.guess.value = guess
            replies.append(re.sub("<[^>]+>", "", deck.reply.value))
        assert [reply[0] for reply in replies].count("✔") == 1
        assert replies[place].startswith("✔ Yes.")
    assert "Found: 3 of 3." in deck.reply.value


def test_the_next_card_begins_unanswered_and_the_last_leads_to_the_first():
    deck = a_deck()
    deck.guess.value = 0
    for _card in deck.cards:
        deck.next.click()
        assert deck.guess.value is None
        assert "What is wrong?" in deck.reply.value
    assert deck.card.value == 0


def test_a_progress_bar_counts_its_parts_and_takes_whatever_a_callback_gets():
    bar = ProgressBar("Epochs", 3)
    bar.step()
    bar.step(1, {"loss": 0.5})
    assert bar.bar.value == 2
    assert bar.note.value == "Epochs: 2 of 3"
    for _part in range(5):
        bar.step()
    assert bar.bar.value == 3


def test_a_slider_leaves_room_for_its_track_however_long_its_label():
    short, long = (
        count_slider(label, 1, 1, 9).layout.width for label in ("Rate", "Samples in the whole batch of rows")
    )
    assert float(short.removesuffix("em")) >= 22
    assert float(long.removesuffix("em")) > float(short.removesuffix("em")) + 10
