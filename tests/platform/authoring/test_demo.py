"""`course demo`: a small simulated class, made, graded and reported by the command itself."""

import csv
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from nbgrader.api import Gradebook
from playwright.sync_api import Browser

from course.authoring.demo import Sample, read_sample, usual_chapter
from course.catalog import Catalog, load_catalog
from course.errors import CourseError
from tests.platform.browser.accessible import AXE
from tests.platform.test_cli import course
from tests.platform.tiny import SLUG, TINY, environment

STUDENTS = 10


RULES = f"""
late: {{percent: 50, per: day}}
chapters: {{{SLUG}: {{due: 2031-05-01 20:00 Europe/Madrid, exercises: {{standardise: {{points: 20}}}}}}}}
"""


def demo(folder: Path, *options: str, course: Path = TINY) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "course", "demo", "--folder", str(folder), "--no-browser", *options]
    return subprocess.run(command, cwd=course, env=environment(), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The class of a course whose instructor has set something."""
    folder = tmp_path_factory.mktemp("demo") / "class-of-ten"
    course = Path(shutil.copytree(TINY, folder.with_name("course"), ignore=shutil.ignore_patterns("class", ".*")))
    (course / "course.yml").write_text(RULES)
    run = demo(folder, "--students", str(STUDENTS), course=course)
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    assert "Of them handed in nothing: 1." in run.stderr
    assert "It is graded by a copy of course.yml." in run.stderr
    assert str(folder / "class" / "reports" / SLUG / "report.html") in run.stderr.replace("\n", "")
    return folder


def test_the_class_has_what_a_class_has(made: Path) -> None:
    with (made / "class" / "reports" / SLUG / "scores.csv").open(encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert len(rows) == STUDENTS
    statuses = [row["status"] for row in rows.values()]
    assert statuses.count("graded") == STUDENTS - 1
    assert statuses.count("missing") == 1
    attention = " ".join(row["attention"] for row in rows.values())
    assert "late: " in attention
    assert "This ended the Python process" in attention  # the hostile one; its neighbours are graded
    assert len({row["score"] for row in rows.values()}) > STUDENTS / 2


def test_it_is_graded_as_course_yml_says(made: Path) -> None:
    with (made / "class" / "reports" / SLUG / "scores.csv").open(encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert {row["max_score"] for row in rows.values() if row["status"] == "graded"} == {"29.0"}  # the author has 13
    late = [name for name, row in rows.items() if "late: " in row["attention"]]
    assert late == ["dewi"]
    with Gradebook(f"sqlite:///{made}/class/gradebook.db", "neural-networks") as book:
        dewi = book.find_submission(SLUG, "dewi")
        assert dewi.duedate == datetime(2031, 5, 1, 18)
        off = sum(each.late_submission_penalty or 0 for each in dewi.notebooks)
        assert off == float(rows["dewi"]["score"]) / 2 > 0


def test_a_second_time_nothing_is_graded_again(made: Path) -> None:
    again = demo(made)
    assert again.returncode == 0, again.stderr
    assert f"unchanged: {STUDENTS - 1}" in again.stderr


def test_the_commands_of_the_instructors_page_work_on_it_from_its_folder(made: Path) -> None:
    run = course("report", SLUG, "--anonymous", cwd=made)
    assert run.returncode == 0, run.stderr
    assert (made / "class" / "reports" / f"{SLUG}-anonymous" / "report.html").is_file()


def test_what_a_sample_cannot_say_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalog: Catalog) -> None:
    monkeypatch.setattr("course.authoring.demo.CHAPTERS", tmp_path)
    assert read_sample(catalog, SLUG) == Sample()
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "demo.yml").write_text("jokes: [a]\n")
    told = r"demo.yml:1: this is no mapping of unclear, improve, renamed, usual\. Make it one"
    with pytest.raises(CourseError, match=told):
        read_sample(catalog, SLUG)


def test_the_usual_chapter_is_the_one_that_says_so_or_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.authoring.demo.CHAPTERS", tmp_path)
    catalog = load_catalog(with_chapters(tmp_path, "ones", "others"))
    assert usual_chapter(catalog) == "1-1-ones"
    for module, says in (("ones", "unclear: [a]"), ("others", "usual: true")):
        (tmp_path / module).mkdir()
        (tmp_path / module / "demo.yml").write_text(f"{says}\n")
    assert usual_chapter(catalog) == "1-2-others"


def with_chapters(folder: Path, *modules: str) -> Path:
    """A course that has these chapters and nothing in them."""
    listed = [
        {"slug": f"1-{place}-{module}", "title": module, "module": module}
        for place, module in enumerate(modules, start=1)
    ]
    for chapter in listed:
        (folder / "notebooks" / chapter["slug"]).mkdir(parents=True)
    contents = {"title": "Two", "sections": [{"title": "One", "chapters": listed}]}
    (folder / "notebooks" / "contents.yml").write_text(yaml.safe_dump(contents))
    return folder


def test_only_a_demo_is_ever_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    run = demo(tmp_path, "--fresh")
    assert run.returncode == 2
    assert "was not made by this command" in run.stderr
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_report(made: Path, browser: Browser, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": 700, "height": 900})  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((made / "class" / "reports" / SLUG / "report.html").as_uri())
    assert len(asked) == 1  # the page itself
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']})).violations")
    context.close()
    assert [(each["id"], [node["html"][:150] for node in each["nodes"]]) for each in found] == []
