"""nbgrader for an instructor: installed as ~/.jupyter/nbgrader_config.py, so formgrader finds the clone of the course."""

import os

load_subconfig(os.path.expanduser("~/neural-networks/nbgrader_config.py"))  # noqa: F821  (nbgrader defines it)
