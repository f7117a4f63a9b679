"""E3, soft_threshold: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e3(body: str) -> str:
    return f"import numpy as np\n\ndef soft_threshold(w, t):\n{indent(body, '    ')}\n"


WRONG = {
    "hard_threshold": _e3("return np.where(np.abs(w) > t, w, 0.0)"),
    "sign_lost": _e3("return np.maximum(np.abs(w) - t, 0)"),
    "crosses_zero": _e3("return np.sign(w) * (np.abs(w) - t)"),
    "positive_only": _e3("return np.maximum(w - t, 0)"),
    "half_the_threshold": _e3("return np.sign(w) * np.maximum(np.abs(w) - t / 2, 0)"),
}

VARIANTS = {
    "hard_threshold": _e3("out = w.copy()\nout[np.abs(w) <= t] = 0\nreturn out"),
    "sign_lost": _e3("size = np.abs(w) - t\nreturn size * (size > 0)"),
    "crosses_zero": _e3("return w - t * np.sign(w)"),
    "positive_only": _e3("return np.clip(w - t, 0, None)"),
    "half_the_threshold": _e3("return w - np.clip(w, -0.5 * t, 0.5 * t)"),
}

UNNAMED = {
    "nothing": _e3("return w.copy()"),
    "shrinks_by_a_share": _e3("return w / (1 + t)"),
    "outwards": _e3("return np.sign(w) * (np.abs(w) + t)"),
    "nan_at_zero": _e3("return w / np.abs(w) * np.maximum(np.abs(w) - t, 0)"),
    "divides_by_the_size": _e3("return w * np.maximum(1 - t / np.abs(w), 0)"),
    "clipped": _e3("return np.clip(w, -t, t)"),
    "in_place": _e3("w[...] = np.sign(w) * np.maximum(np.abs(w) - t, 0)\nreturn w"),
    "leaves_the_small": _e3("return np.where(np.abs(w) > t, w - t * np.sign(w), w)"),
    "only_the_kept": _e3("kept = w[np.abs(w) > t]\nreturn kept - t * np.sign(kept)"),
}

RIGHT = {
    "sign_times_size": _e3("return np.sign(w) * np.maximum(np.abs(w) - t, 0)"),
    "less_what_is_clipped": _e3("return w - np.clip(w, -t, t)"),
    "two_sides": _e3("return np.maximum(w - t, 0) - np.maximum(-w - t, 0)"),
    "where": _e3("return np.where(w > t, w - t, np.where(w < -t, w + t, 0.0))"),
    "loop": _e3(
        "out = []\nfor v in w.ravel().tolist():\n    size = max(abs(v) - t, 0.0)\n"
        "    out.append(size if v > 0 else -size)\n"
        "return np.array(out).reshape(w.shape)"
    ),
    "float32": _e3("v = w.astype(np.float32)\nreturn np.copysign(np.maximum(np.abs(v) - np.float32(t), 0), v)"),
}
