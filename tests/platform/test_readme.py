"""The README's commands, files and links are there."""

import re

import pytest
import yaml

from course.catalog import load_catalog
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()


def test_it_begins_with_the_two_commands() -> None:
    blocks = re.findall(r"```\n(.*?)```", README, re.DOTALL)
    assert [block.strip() for block in blocks[:2]] == ["make lab", "make test"]


def test_it_names_the_chapters_that_are_there() -> None:
    named = re.findall(r"\*\*(.+?)\*\*", README.split("\n\n")[1])
    assert named == [chapter.title for chapter in load_catalog(ROOT).chapters if chapter.module]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!http)([^)#]+)\)", README))))
def test_links_lead_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_the_commands_that_it_names_exist() -> None:
    from course.cli import app

    named = set(re.findall(r"bin/course ([a-z]+)", README))
    known = {command.callback.__name__ for command in app.registered_commands if command.callback}
    assert named - {"lab"} <= known
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_hooks_name_programs_of_the_development_lock() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    programs = {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in hooks} - {"course"}
    locked = (ROOT / "requirements-dev.txt").read_text()
    assert not [program for program in programs if f"\n{program}==" not in locked]


def test_every_picture_of_the_docs_is_shown_somewhere() -> None:
    pages = "".join(page.read_text() for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    assert not [path.name for path in (ROOT / "docs" / "images").iterdir() if f"images/{path.name}" not in pages]
