"""Stored results of the chapter and the script that makes them; see README.md here. Reading never runs a script."""

from pathlib import Path

FOLDER = Path(__file__).parent
