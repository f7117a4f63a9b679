"""What our client overrides of nbclient, or counts on, is as it was when client.py was last read beside it.

Parts of it are private, so a release may change them without a word. If a digest here differs:
1. read what has changed in nbclient/client.py beside course/grading/sandbox/client.py, and mend ours where it counts on
   what was: who ends the kernel and when, what is called with which arguments, what is raised;
2. run tests/platform/hostile and, in tests/platform/grading, test_run.py, test_ended_kernels.py and test_one_truth.py;
3. put the new digest here, and widen the range of nbclient in pyproject.toml.
"""

import hashlib
import inspect
import tomllib

import nbclient
import pytest
from nbclient import NotebookClient
from packaging.requirements import Requirement

from course.grading.sandbox.client import ObservingClient
from tests.conftest import ROOT

OVERRIDDEN = {
    "async_start_new_kernel": "8d0ea57b00706cc4",
    "async_execute_cell": "366a0d406d758da2",
    "_async_handle_timeout": "27d6db41082b053f",
    "_check_raise_for_error": "b8e5969ea6d26abc",
    "_async_check_alive": "1fc300d561d9dd8f",
    "process_message": "e345991e03a03272",
}
COUNTED_ON = {
    "async_execute": "9e85c365a29b6a72",
    "async_setup_kernel": "189461fd8c55187b",
    "async_start_new_kernel_client": "0034f6fd2447b05f",
    "async_wait_for_reply": "13bcdd85eb34c968",
    "_async_cleanup_kernel": "fdb0dbbcbcd8662d",
    "_async_poll_for_reply": "fc81a9e9c11c2a90",
    "_async_poll_output_msg": "1619965a18581fa3",
    "_async_poll_kernel_alive": "d5e001d6b3eaafe1",
    "_get_timeout": "5bfb5a2910e7910e",
    "reset_execution_trackers": "235642992dcea73f",
}


@pytest.mark.parametrize("name", [*OVERRIDDEN, *COUNTED_ON])
def test_nbclient_is_as_our_client_was_written_for(name: str) -> None:
    source = inspect.getsource(getattr(NotebookClient, name))
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    wanted = {**OVERRIDDEN, **COUNTED_ON}[name]
    assert digest == wanted, f"nbclient {nbclient.__version__} has changed {name}; see the top of {__file__}."


def test_all_that_we_override_is_watched() -> None:
    functions = {
        name for name, each in vars(ObservingClient).items() if inspect.isfunction(each) and name != "__init__"
    }
    assert {name for name in functions if hasattr(NotebookClient, name)} == OVERRIDDEN.keys()


def test_what_we_override_is_called_in_the_same_way() -> None:
    """Ours take what theirs take, by the same names."""
    for name in OVERRIDDEN:
        theirs, ours = (inspect.signature(getattr(each, name)).parameters for each in (NotebookClient, ObservingClient))
        takes_more = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in ours.values())
        assert list(ours) == list(theirs) or takes_more, name


def test_releases_that_nobody_has_read_are_not_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    [asked] = [each for each in map(Requirement, project["dependencies"]) if each.name == "nbclient"]
    assert asked.specifier.contains(nbclient.__version__)
    assert not asked.specifier.contains("0.12.0")
    assert not asked.specifier.contains("1.0")
