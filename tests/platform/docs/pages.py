"""The pages in docs/ as their tests read them: fenced blocks, the files that they are for, and commands."""

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from tests.commands import run_module
from tests.conftest import ROOT, environment

_NOT_COPIED = (".git", ".venv", "class", "workspace", "*cache*", ".hypothesis", ".benchmarks")


@dataclass(frozen=True)
class Block:
    """A fenced block. file: the name in bold code that begins the paragraph before it, else ''."""

    language: str
    file: str
    text: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    found, before = [], ""
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "inline":
            before = token.content
        elif token.type == "fence":
            named = re.match(r"\*\*`([^`]+)`\*\*", before)
            found.append(Block(token.info, named[1] if named else "", token.content))
            before = ""
    return found


def commands(page: Path) -> list[str]:
    """The commands of the blocks without a language, one a line, without comments."""
    lines = [line for block in blocks(page) if not block.language for line in block.text.splitlines()]
    return [command for line in lines if (command := line.partition(" #")[0].strip())]


def links(page: Path) -> list[str]:
    """Where the page's links lead."""
    tokens = [child for token in MarkdownIt().parse(page.read_text(encoding="utf-8")) for child in token.children or []]
    return [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]


def anchors(page: Path) -> list[str]:
    """The names by which links find the page's headings."""
    headings = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    return [re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in headings]


def copy_project(target: Path) -> Path:
    """The whole project in a folder of its own, with this environment as its .venv."""
    shutil.copytree(ROOT, target, ignore=shutil.ignore_patterns(*_NOT_COPIED), symlinks=True)
    (target / ".venv").symlink_to(sys.prefix)
    return target


def run(command: str, root: Path, *, expect: int = 0, **extra: str) -> str:
    """Runs a page's command in a copy of the project, with the copy's own package; what it printed."""
    done = subprocess.run(
        shlex.split(command),
        cwd=root,
        env=environment(PYTHONPATH=str(root), **extra),
        capture_output=True,
        text=True,
        check=False,
    )
    return _told(command, done, expect)


def run_forked(command: str, root: Path, *, expect: int = 0) -> str:
    """As run, of a program that is a Python module, in a process that has imported libraries before."""
    program, *arguments = shlex.split(command.removeprefix(".venv/bin/").removeprefix("python -m "))
    return _told(command, run_module((program, *arguments), root, environment(PYTHONPATH=str(root))), expect)


def _told(command: str, done: subprocess.CompletedProcess[str], expect: int) -> str:
    assert done.returncode == expect, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr
