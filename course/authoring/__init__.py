"""For authors: lay out a chapter, find its faults, try it on a simulated class, build the wheel that learners install.

Needs a clone of the course. Nothing that learners or grading use imports anything of this.
"""
