"""The locks are those of the ranges in pyproject.toml, for every Python and system that we promise."""

import ast
import re
import sys
import tomllib
from itertools import product

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SYSTEMS = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}
PLACES = list(product(("3.11", "3.12", "3.13"), SYSTEMS))
STALE = "The lock is stale: run `make lock`."


def pins(name: str, python: str, system: str) -> dict[str, str]:
    """Pinned version by package, of the lines that apply there."""
    environment = {
        **default_environment(),
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_system": SYSTEMS[system],
        "platform_machine": "arm64" if system == "darwin" else "x86_64",
        "os_name": "nt" if system == "win32" else "posix",
    }
    found = {}
    for line in (ROOT / name).read_text().splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate(environment):
                assert str(requirement.specifier).startswith("=="), f"{line} is not pinned. {STALE}"
                found[canonicalize_name(requirement.name)] = str(requirement.specifier).removeprefix("==")
    return found


def asked_for_by_the_project(name: str) -> set[str]:
    """Packages which the lock says pyproject.toml itself asks for."""
    package, direct = "", set()
    for line in (ROOT / name).read_text().splitlines():
        if not line.startswith(" "):
            package = canonicalize_name(re.split(r"[=\s;\[]", line, maxsplit=1)[0])
        elif "pyproject.toml" in line:
            direct.add(package)
    return direct


@pytest.mark.parametrize(("python", "system"), PLACES)
@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements.txt", PROJECT["project"]["optional-dependencies"]["grading"]),
        ("requirements-dev.txt", PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_every_range_is_locked_everywhere(lock: str, wanted: list[str], python: str, system: str) -> None:
    locked = pins(lock, python, system)
    for requirement in map(Requirement, wanted):
        version = locked.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement.name} is not in {lock}. {STALE}"
        assert requirement.specifier.contains(version), f"{lock} pins {requirement.name} {version}. {STALE}"


def test_the_lock_has_nothing_that_is_no_longer_asked_for() -> None:
    project = PROJECT["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["grading"]]
    wanted = {canonicalize_name(Requirement(line).name) for line in lines}
    assert asked_for_by_the_project("requirements.txt") == wanted, STALE


def test_both_locks_agree() -> None:
    for python, system in PLACES:
        used, tested = pins("requirements.txt", python, system), pins("requirements-dev.txt", python, system)
        assert {name: tested[name] for name in used if name in tested} == {n: v for n, v in used.items() if n in tested}


def test_the_locks_name_no_place_to_fetch_from() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        assert not re.search(r"https?://|--index|--find-links|file:", (ROOT / name).read_text())


def test_the_packages_on_the_card_are_dependencies() -> None:
    named = {Requirement(line).name.lower() for line in PROJECT["project"]["dependencies"]}
    assert {"jupyterlab", "tensorflow", "numpy", "matplotlib", "nbgrader", "ipywidgets"} <= named


def test_what_the_package_imports_is_declared() -> None:
    """Nothing that the course imports is there only because another package happens to need it."""
    names = {"IPython": "ipython", "dateutil": "python-dateutil", "markdown_it": "markdown-it-py", "yaml": "pyyaml"}
    names |= {
        "zmq": "pyzmq",
        "pydantic_core": "pydantic",
        "babel": "",
    }  # babel: only to bring the catalogs in step, for authors
    project = PROJECT["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["grading"]]
    declared = {canonicalize_name(Requirement(line).name) for line in lines}
    used = set()
    for path in (ROOT / "course").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                used.add(str(node.module).split(".")[0])
    others = {name for name in used if name not in sys.stdlib_module_names and name not in {"course", "__main__"}}
    assert {canonicalize_name(names.get(name, name)) for name in others} - {""} <= declared
