"""`course new`: what it writes, where, and what it refuses. docs/test_authoring.py makes and grades a chapter."""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from course.authoring.new import Names, chapter_files, new_chapter
from course.catalog import load_catalog
from course.cli import app
from course.errors import CourseError, UsageError
from tests.conftest import ROOT

CONTENTS = """# Kept.
title: A course
sections:
  - title: One
    chapters: []  # planned
  - title: Two
    chapters:
      # the first
      - slug: 2-1-first
        title: First
        module: first  # short
      # the fourth
      - {slug: 2-4-fourth, title: Fourth, module: fourth}

  - title: Three
    chapters:
"""
NEW = "{0}- slug: {1}\n{0}  title: {2}\n{0}  module: {3}\n"
SIX = " " * 6


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A clone with two chapters in its contents, and nothing else."""
    (tmp_path / "course" / "chapters").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "contents.yml").write_text(CONTENTS)
    return tmp_path


def files(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("slug", "before", "after"),
    [
        ("1-1-new-name", "    chapters:  # planned\n", "  - title: Two\n"),
        ("2-3-new-name", "        module: first  # short\n", "      # the fourth\n"),
        ("2-10-new-name", "      - {slug: 2-4-fourth, title: Fourth, module: fourth}\n", "\n  - title: Three"),
        ("3-1-new-name", "  - title: Three\n    chapters:\n", ""),
    ],
)
def test_the_contents_get_one_entry_at_its_place_and_keep_the_rest(
    root: Path, slug: str, before: str, after: str
) -> None:
    new_chapter(load_catalog(root), slug, "New name")
    text = (root / "notebooks" / "contents.yml").read_text()
    entry = NEW.format(SIX, slug, "New name", "new_name")
    assert before + entry + after in text
    assert text.replace(entry, "").replace("chapters:  # planned", "chapters: []  # planned") == CONTENTS


def test_the_first_exercise_is_called_as_asked(root: Path) -> None:
    new_chapter(load_catalog(root), "1-1-relu", "ReLU", "leaky_relu")
    assert {"course/chapters/relu/judges/leaky_relu.py", "tests/chapters/relu/solutions/leaky_relu.py"} <= files(root)
    assert "def leaky_relu(x):" in (root / "notebooks" / "1-1-relu" / "exercises.ipynb").read_text()


@pytest.mark.parametrize("exercise", ["l2-penalty", "L2", "lambda", "../x", "a__b", "n" * 31])
def test_an_exercise_that_is_no_name_is_refused(root: Path, exercise: str) -> None:
    with pytest.raises(UsageError, match="is no name of a function"):
        new_chapter(load_catalog(root), "1-1-relu", "ReLU", exercise)
    assert files(root) == {"notebooks/contents.yml"}


def test_a_title_that_yaml_would_read_otherwise_stands_in_quotes(root: Path) -> None:
    new_chapter(load_catalog(root), "1-1-new", "Layers: how & why # 1")
    assert '        title: "Layers: how & why # 1"\n' in (root / "notebooks" / "contents.yml").read_text()


def test_chapters_in_brackets_are_left_alone_and_told(root: Path) -> None:
    contents = root / "notebooks" / "contents.yml"
    contents.write_text(CONTENTS.replace("[]", "[{slug: 1-1-a, title: A, module: a}]"))
    with pytest.raises(CourseError, match=r"contents.yml:5: the chapters of section 1 stand in brackets"):
        new_chapter(load_catalog(root), "1-2-b", "B")
    assert files(root) == {"notebooks/contents.yml"}


@pytest.mark.parametrize(
    ("slug", "title", "told"),
    [
        ("norm-penalties", "Norm penalties", "'norm-penalties' is no slug. It is like 2-4-dropout"),
        ("2-3-Norm", "Norm penalties", "'2-3-Norm' is no slug"),
        ("2-03-norm", "Norm penalties", "'2-03-norm' is no slug"),
        ("2-3-../../x", "Norm penalties", "is no slug"),
        (f"2-3-{'n' * 40}", "Norm penalties", "at most 40 characters"),
        ("2-3-class", "Classes", "'class', which is no name"),
        ("2-3-3d", "Three", "'3d', which is no name"),
        ("4-1-norm", "Norm penalties", "There is no section 4 in notebooks/contents.yml: it has 3."),
        ("2-4-fourth", "Fourth", "Section 2 has a chapter 4 already: 2-4-fourth."),
        ("2-4-other", "Other", "Section 2 has a chapter 4 already: 2-4-fourth."),
        ("2-5-fourth", "Fifth", "The package fourth belongs to 2-4-fourth already."),
        ("2-3-norm", "", "The title is empty."),
        ("2-3-norm", "  ", "The title is empty."),
        ("2-3-norm", 'The "norm"', "no quotation marks"),
        ("2-3-norm", "Two\nlines", "on one line"),
    ],
)
def test_what_will_not_do_is_one_sentence_and_nothing_is_written(
    root: Path, monkeypatch: pytest.MonkeyPatch, slug: str, title: str, told: str
) -> None:
    before = files(root)
    monkeypatch.setenv("COURSE_ROOT", str(root))
    result = CliRunner().invoke(app, ["new", slug, title])
    assert isinstance(result.exception, UsageError)
    assert result.exception.exit_code == 2
    assert told in str(result.exception)
    assert "\n" not in str(result.exception)
    assert files(root) == before
    assert (root / "notebooks" / "contents.yml").read_text() == CONTENTS


@pytest.mark.parametrize(
    "taken", ["notebooks/2-3-norm/lesson.ipynb", "quizzes/2-3-norm.yml", "course/chapters/norm/lesson.py"]
)
def test_nothing_that_is_there_is_overwritten(root: Path, taken: str) -> None:
    (root / taken).parent.mkdir(parents=True, exist_ok=True)
    (root / taken).write_text("mine")
    with pytest.raises(UsageError, match=re.escape(f"{taken} is there already; nothing was written.")):
        new_chapter(load_catalog(root), "2-3-norm", "Norm penalties")
    assert files(root) == {"notebooks/contents.yml", taken}
    assert (root / taken).read_text() == "mine"


def test_what_cannot_be_written_leaves_nothing_behind(root: Path) -> None:
    (root / "quizzes").write_text("a file where a folder should be")
    with pytest.raises(CourseError, match=r"quizzes.* cannot be written: .*Nothing was kept\."):
        new_chapter(load_catalog(root), "2-3-norm", "Norm penalties")
    assert files(root) == {"notebooks/contents.yml", "quizzes"}
    assert (root / "notebooks" / "contents.yml").read_text() == CONTENTS


@pytest.mark.parametrize("slug", ["1-1-a", f"10-12-{'long-' * 6}name"])
def test_all_files_are_as_ruff_wants_them_and_no_blank_is_left_unfilled(tmp_path: Path, slug: str) -> None:
    module = slug.split("-", 2)[2].replace("-", "_")
    written = chapter_files(Names(slug, "A title", module, "Section 10. Chapter 12", "example_10_12"))
    for path, text in written.items():
        assert not re.search(r"__(?!init__)\w+__", path.as_posix())
        assert not re.search(r"__(?!future__|all__)\w+__", text), path
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
        if path.suffix == ".ipynb":
            nbformat.validate(nbformat.reads(text, as_version=4))
    config = [
        "--config",
        str(ROOT / "pyproject.toml"),
        "--config",
        'lint.isort.known-first-party = ["course", "tests"]',
    ]
    for command in (["check"], ["format", "--check"]):
        program = [str(Path(sys.executable).with_name("ruff")), *command, *config, "."]
        done = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
