"""What a submission can read of a chapter: its exercises and the words, and no judge, in whatever file one stands."""

import json
import subprocess
import sys
from pathlib import Path

from course.exercises.misconceptions import CHAPTERS
from course.grading.sandbox.bubblewrap import command, prepare_workdir
from tests.platform.tiny import TINY

LIST_FILES = """
import json, sys
from pathlib import Path
folder = Path(sys.argv[1])
print(json.dumps([path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]))
"""


def test_the_sandbox_shows_exercises_and_no_judge(tmp_path: Path) -> None:
    folder = CHAPTERS / "tiny"
    prepare_workdir(TINY, tmp_path)
    sealed = command(TINY, tmp_path, [sys.executable, "-c", LIST_FILES, str(folder)])
    run = subprocess.run(sealed, capture_output=True, text=True, check=True)
    seen = json.loads(run.stdout)
    assert "exercises/first_peak.py" in seen
    assert "misconceptions.yml" in seen
    assert [path for path in folder.rglob("*.py") if "judges" in path.parts]
    assert not [name for name in seen if "judge" in name]
