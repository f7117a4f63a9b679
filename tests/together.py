"""Which tests stay in one process when several run at a time (pytest-xdist).

What a file has prepared for its tests, a class that is graded or a JupyterLab that is started, is prepared once so. The
contract's tests of an exercise train the same networks, which a process remembers (tests/remembered.py); its others
prepare nothing and go one by one to whichever process is free. The largest groups go first; one
test that takes two minutes by itself goes when they have begun, as it would be the only one to run if it went last.

The marks of --dist loadgroup would say the same; with pytest 9.2 pytest-xdist 3.8 does not see them.
"""

import re
from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

_LONG = "tests/platform/deploy/test_hub.py"
_COUNTS_FOR = 10  # tests
_OF_EXERCISES = ("test_exercises", "test_judges", "test_mutants")
_EXERCISE = re.compile(r"\[(\d-\d-[a-z-]+?-[a-z_]+)(-e[ns])?(\]|-[A-Z])")  # …[2-4-dropout-mc_predict-RIGHT-loops]


def group_of(nodeid: str) -> str:
    """The name of the group of a test: its file, or its folder where one JupyterLab serves several; or itself alone."""
    file = PurePosixPath(nodeid.partition("::")[0])
    if file.is_relative_to("tests/contract"):
        exercise = _EXERCISE.search(nodeid)
        return exercise[1] if exercise and file.stem in _OF_EXERCISES else nodeid
    return str(file.parent if file.parent.name == "browser" else file)


class KeepTogether(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def _assign_work_unit(self, node: WorkerController) -> None:
        if _LONG in self.workqueue and len(next(iter(self.workqueue.values()))) < _COUNTS_FOR:
            self.workqueue.move_to_end(_LONG, last=False)
        super()._assign_work_unit(node)
