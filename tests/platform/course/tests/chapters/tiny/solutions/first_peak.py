"""E3: right solutions, wrong ones by name, and wrong ones without."""

RIGHT = {
    "vectorised": "def first_peak(scores):\n    return max(scores, key=scores.get)",
    "loop": (
        "def first_peak(scores):\n    best = None\n    for key in scores:\n"
        "        if best is None or scores[key] > scores[best]:\n            best = key\n    return best"
    ),
}

WRONG = {
    "last_on_tie": "def first_peak(scores):\n    return [k for k in scores if scores[k] == max(scores.values())][-1]",
    "smallest_instead": "def first_peak(scores):\n    return min(scores, key=scores.get)",
}

UNNAMED = {"the_score": "def first_peak(scores):\n    return max(scores.values())"}
