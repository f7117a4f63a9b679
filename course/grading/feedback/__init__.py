"""The page that a learner gets back: one for the whole chapter, from `course check` and from nbgrader's feedback."""
