"""Grades in nbgrader's gradebook: written, shown, exported."""
