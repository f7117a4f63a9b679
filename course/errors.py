"""Faults that we expect, told to a person in one sentence.

Nothing here prints or exits; the command line turns a CourseError into its sentence and exit code.
"""


class CourseError(Exception):
    """A fault whose message names the file, the place and the mend.

    exit_code: 2 where the command was misused, 1 where something needs attention.
    """

    exit_code = 1

    def _render_traceback_(self) -> list[str]:
        """In a notebook: the sentence alone (IPython asks for this)."""
        return [str(self)]


class UsageError(CourseError):
    """The command or call itself was wrong (unknown chapter, no such folder, …)."""

    exit_code = 2
