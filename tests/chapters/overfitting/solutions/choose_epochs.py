"""E4, the capstone: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e4(body: str) -> str:
    return f"import numpy as np\n\ndef choose_epochs(x, y, x_val, y_val):\n{indent(body, '    ')}\n"


_PATIENT = (
    "best, best_epoch = -1.0, 0\n"
    "for epoch, network in enumerate(train_epochs(x, y, 200), 1):\n"
    "    score = accuracy(network, x_val, y_val)\n"
    "    if score > best:\n"
    "        best, best_epoch = score, epoch\n"
    "    elif epoch - best_epoch >= {patience}:\n"
    "        break\n"
    "return {answer}"
)

_ALL = "scores = [accuracy(network, x_val, y_val) for network in train_epochs(x, y, 200)]\n"

WRONG = {
    "training_score_decides": _e4(
        "scores = [accuracy(network, x, y) for network in train_epochs(x, y, 200)]\nreturn int(np.argmax(scores)) + 1"
    ),
    "impatient": _e4(_PATIENT.format(patience=5, answer="best_epoch")),
    "one_number_for_all": _e4("return 40"),
    "counts_from_zero": _e4(_ALL + "return int(np.argmax(scores))"),
}

VARIANTS = {
    "training_score_decides": _e4("return 200"),
    "impatient": _e4(_PATIENT.format(patience=3, answer="best_epoch")),
    "one_number_for_all": _e4("return 10"),
    "counts_from_zero": _e4(
        "best, chosen = -1.0, 0\n"
        "for epoch, network in enumerate(train_epochs(x, y, epochs=200)):\n"
        "    score = accuracy(network, x_val, y_val)\n"
        "    if score > best:\n"
        "        best, chosen = score, epoch\n"
        "return chosen"
    ),
}

UNNAMED = {
    "returns_the_score": _e4(_PATIENT.format(patience=200, answer="best")),
    "keeps_the_last": _e4(_PATIENT.format(patience=60, answer="epoch")),
    "too_many": _e4("return 201"),
    "none_at_all": _e4("return 0"),
    "half": _e4(_PATIENT.format(patience=200, answer="best_epoch + 0.5")),
    "worst_after_ten": _e4(_ALL + "return int(np.argmin(scores[10:])) + 11"),
}

FITS_A_NAME = {
    "keeps_the_last": "training_score_decides",
    "returns_the_score": "impatient",  # a score of 1.0 is a number of epochs as well
    "worst_after_ten": "training_score_decides",
    "none_at_all": "counts_from_zero",
}

RIGHT = {
    "all_epochs": _e4(_ALL + "return np.argmax(scores) + 1"),
    "patience_60": _e4(_PATIENT.format(patience=60, answer="best_epoch")),
    "patience_100": _e4(_PATIENT.format(patience=100, answer="best_epoch")),
    "last_of_the_best": _e4(
        "scores = np.array([accuracy(network, x_val, y_val) for network in train_epochs(x, y, 200)])\n"
        "return int(np.flatnonzero(scores == scores.max())[-1]) + 1"
    ),
    "smoothed": _e4(
        _ALL + "smooth = np.convolve(scores, [0.25, 0.5, 0.25], mode='valid')\nreturn int(np.argmax(smooth)) + 2"
    ),
    "smallest_loss": _e4(
        "losses = []\nfor network in train_epochs(x, y, 200):\n    h = x_val\n    for weights, bias in network[:-1]:\n"
        "        h = np.maximum(h @ weights + bias, 0)\n    logits = h @ network[-1][0] + network[-1][1]\n"
        "    logits = logits - logits.max(axis=1, keepdims=True)\n"
        "    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))\n"
        "    losses.append(-log_p[np.arange(len(y_val)), y_val].mean())\nreturn np.int64(np.argmin(losses) + 1)"
    ),
}
