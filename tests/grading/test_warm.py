"""The grader's side of the sandbox: what ends in there is told as that, so that the work is done again elsewhere."""

import os
import signal

import pytest

from course.catalog import Catalog
from course.grading.warm import Sandbox, Template, TemplateLost


def test_a_sandbox_that_ends_is_told_as_lost_however_often_one_asks(catalog: Catalog) -> None:
    sandbox = Sandbox(catalog.root)
    template = Template(sandbox.rooms, sandbox)
    assert template.alive
    os.kill(sandbox._process.pid, signal.SIGKILL)
    sandbox._process.wait()
    assert template.has_ended()
    for _attempt in range(2):
        with pytest.raises(TemplateLost):
            template.ask(do="poll")
    assert not template.alive
    assert not sandbox.rooms.exists()
    with pytest.raises(TemplateLost):
        Template(sandbox.rooms)
