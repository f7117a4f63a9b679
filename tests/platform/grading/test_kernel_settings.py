"""What a kernel that grades is given by its environment: the same arithmetic everywhere, and a list of fonts."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from course.catalog import Catalog
from course.grading.run import grade_folder
from course.grading.sandbox.font_list import copy_font_lists
from tests.conftest import ROOT, environment
from tests.platform.tiny import SLUG

LOOK = """
import os, matplotlib.font_manager as fonts
print("ONEDNN", os.environ.get("TF_ENABLE_ONEDNN_OPTS"))
print("THREADS", *(os.environ.get(f"{name}_THREADS") for name in ("OPENBLAS_NUM", "OMP_NUM", "TF_NUM_INTRAOP")))
print("FONTS", any(font.name == "A font of the list" for font in fonts.fontManager.ttflist))
"""


def font(path: str, name: str = "A font of the list") -> dict[str, object]:
    about = {"style": "normal", "variant": "normal", "weight": 400, "stretch": "normal", "size": "scalable"}
    return {"fname": path, "index": 0, "name": name, **about, "__class__": "FontEntry"}


def font_list(*paths: str) -> str:
    from matplotlib.font_manager import FontManager

    families = {"ttf": "DejaVu Sans", "afm": "Helvetica"}
    about = {"_version": FontManager.__version__, "_FontManager__default_weight": "normal", "default_size": None}
    lists = {"afmlist": [], "ttflist": [font(path) for path in paths]}
    return json.dumps({**about, "defaultFamily": families, **lists, "__class__": "FontManager"})


def output_of(catalog: Catalog, folder: Path, isolation: str) -> str:
    result = grade_folder(catalog, SLUG, folder, isolation)  # type: ignore[arg-type]
    outputs = (output for cell in result.notebooks["exercises"].cells for output in cell.get("outputs", []))
    return "".join(output.get("text", "") for output in outputs)


@pytest.mark.parametrize("isolation", ["sandbox", "none"])
def test_every_kernel_that_grades_does_the_same_arithmetic(
    catalog: Catalog, submission: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, isolation: str
) -> None:
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", "1")  # whatever whoever grades has set
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    told = output_of(catalog, submission(standardise=LOOK), isolation)
    assert "ONEDNN 0" in told
    assert "THREADS 1 1 1" in told


def test_the_sandbox_takes_matplotlibs_list_of_fonts_from_outside(
    catalog: Catalog, submission: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matplotlib.font_manager import FontManager

    from course.grading.sandbox.sandbox_process import close_sandbox

    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / f"fontlist-v{FontManager.__version__}.json").write_text(font_list("fonts/ttf/DejaVuSans.ttf"))
    monkeypatch.setenv("MPLCONFIGDIR", str(tmp_path / "cache"))
    close_sandbox(catalog.root)
    told = output_of(catalog, submission(standardise=LOOK), "sandbox")
    close_sandbox(catalog.root)
    assert "FONTS True" in told


def test_a_font_in_a_home_folder_is_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "matplotlib").mkdir()
    paths = ("fonts/ttf/DejaVuSans.ttf", "/usr/share/fonts/a.ttf", "/home/ada/.fonts/secret.ttf")
    (tmp_path / "matplotlib" / "fontlist-v1.json").write_text(font_list(*paths))
    (tmp_path / "matplotlib" / "fontlist-v2.json").write_text("{not JSON")
    (tmp_path / "matplotlib" / "fontlist-v3.json").write_text("[]")
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    copy_font_lists(tmp_path / "copied")
    [copied] = (tmp_path / "copied").iterdir()
    assert [each["fname"] for each in json.loads(copied.read_text())["ttflist"]] == list(paths[:2])


def with_threads(chosen: str | None) -> dict[str, str]:
    """The environment of somebody who has chosen that many threads of NumPy, or nothing."""
    unset = {name: value for name, value in environment().items() if name != "OPENBLAS_NUM_THREADS"}
    return {**unset, **({"OPENBLAS_NUM_THREADS": chosen} if chosen else {})}


def test_whoever_imports_the_course_first_computes_in_one_thread_unless_told_otherwise() -> None:
    program = (
        "import os, course, numpy as np; "
        "np.ones((900, 900)) @ np.ones((900, 900)); print(len(os.listdir('/proc/self/task')))"
    )
    for settings, threads in ((with_threads(None), 1), (with_threads("2"), 2)):
        told = subprocess.run(
            [sys.executable, "-c", program], env=settings, cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert int(told.stdout) == threads, told.stderr


@pytest.mark.parametrize("chosen", [None, "4"])
def test_so_do_the_kernels_of_course_lab(chosen: str | None, tmp_path: Path) -> None:
    """A kernel has the environment of JupyterLab."""
    jupyter = tmp_path / "jupyter.py"
    jupyter.write_text("import os, pathlib; pathlib.Path('told').write_text(os.environ['OPENBLAS_NUM_THREADS'])")
    settings = {**with_threads(chosen), "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    program = "from pathlib import Path; from course.lab import open_lab; "
    program += "open_lab(Path.cwd(), browser=False, port=None, lang=None)"
    run = subprocess.run(
        [sys.executable, "-c", program], env=settings, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (tmp_path / "told").read_text() == (chosen or "1"), run.stderr
