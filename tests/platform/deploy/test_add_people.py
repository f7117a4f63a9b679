"""What deploy/jupyterhub/add_people.py tells of a list that cannot be used. test_hub.py makes users with it."""

import grp
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCRIPT = ROOT / "deploy" / "jupyterhub" / "add_people.py"
COLUMNS = "id,first_name,last_name,email\n"
GROUP = grp.getgrgid(0).gr_name


def add_people(folder: Path, text: str, group: str = GROUP) -> subprocess.CompletedProcess[str]:
    """Runs it with a list of that text. Where it would make a user, it finds no useradd."""
    (folder / "class.csv").write_text(text, encoding="utf-8-sig")
    return subprocess.run(
        [sys.executable, SCRIPT, group, folder / "class.csv"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_line_that_cannot_be_a_user_is_told_and_nobody_is_made(tmp_path: Path) -> None:
    told = add_people(tmp_path, f"{COLUMNS}good,,,\nAda Lovelace,,,\ngood,,,\nnobody,,,\n,,,\n")
    assert told.returncode == 1
    assert told.stdout == ""
    lines = [line.rpartition("class.csv:")[2] for line in told.stderr.splitlines()]
    assert [line.partition(".")[0] for line in lines] == [
        "3: 'Ada Lovelace' cannot be a user's name: up to 32 of a-z, 0-9, _ and -, the first a letter or _",
        "4: good is listed twice",
        "5: nobody is a user of this machine already",
        "6: '' cannot be a user's name: up to 32 of a-z, 0-9, _ and -, the first a letter or _",
        "No user was made",
    ]


@pytest.mark.parametrize(
    ("text", "group", "sentence"),
    [
        ("name,email\nada,\n", GROUP, "has no column id. Its first line is to be: id,first_name,last_name,email"),
        ("", GROUP, "has no column id"),
        (COLUMNS, "no-such-group", "There is no group no-such-group. Make it first: groupadd no-such-group"),
    ],
)
def test_a_list_without_ids_and_a_group_that_is_not_there_are_told(
    tmp_path: Path, text: str, group: str, sentence: str
) -> None:
    told = add_people(tmp_path, text, group)
    assert (told.returncode, told.stdout) == (1, "")
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, SCRIPT, GROUP, tmp_path / "none.csv"], capture_output=True, text=True, check=False
    )
    assert told.returncode == 1
    assert "none.csv cannot be read as CSV in UTF-8" in told.stderr
    assert "Traceback" not in told.stderr
