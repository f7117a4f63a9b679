"""Notebooks as files: what is released, what a learner's copy holds, and what of a submitted one is kept."""
