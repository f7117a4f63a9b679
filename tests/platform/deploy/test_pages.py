"""What deploy/ promises beyond the commands that test_hub.py runs."""

import re
import shlex
from types import SimpleNamespace

import yaml

from tests.conftest import ROOT
from tests.platform.deploy.hub import README, readme_blocks
from tests.system import PACKAGES

UNIT = ROOT / "deploy" / "jupyterhub" / "jupyterhub.service"
VALUES = ROOT / "deploy" / "kubernetes" / "values.yaml"


def test_the_packages_that_the_page_installs_are_those_of_the_tests() -> None:
    packages = re.findall(r"\S+", readme_blocks("Install")[0])[3:]
    assert set(packages) <= set(PACKAGES)


def test_the_page_stays_under_two_pages_and_names_files_that_exist() -> None:
    text = README.read_text()
    assert len(text.split()) < 1200
    for name in re.findall(r"\]\((?!#|http)([^)]+)\)", text):
        assert (README.parent / name).exists(), name


def test_the_unit_for_systemd_starts_what_the_page_starts() -> None:
    folder, *exports, command = readme_blocks("Start")[1].splitlines()
    set_on_the_page = [shlex.split(line.removeprefix("export "))[0] for line in exports]
    settings = [line.split("=", 1) for line in UNIT.read_text().splitlines() if "=" in line and line[0] != "#"]
    assert [value for key, value in settings if key == "WorkingDirectory"] == [folder.removeprefix("cd ")]
    assert [value for key, value in settings if key == "ExecStart"] == [command.removeprefix("exec ")]
    assert sorted(value for key, value in settings if key == "Environment") == sorted(set_on_the_page)


def test_the_values_for_kubernetes_are_yaml_and_their_python_compiles() -> None:
    values = yaml.safe_load(VALUES.read_text())
    assert "NOT RUN HERE" in VALUES.read_text()
    for name, source in values["hub"]["extraConfig"].items():
        compile(source, name, "exec")
    assert values["cull"]["enabled"]
    settings = SimpleNamespace(JupyterHub=SimpleNamespace())
    exec(values["hub"]["extraConfig"]["groups"], {"c": settings})
    instructors, learners = (group["users"] for group in settings.JupyterHub.load_groups.values())
    assert len(instructors) > 1
    assert sorted(values["hub"]["config"]["Authenticator"]["allowed_users"]) == sorted([*learners, *instructors])
