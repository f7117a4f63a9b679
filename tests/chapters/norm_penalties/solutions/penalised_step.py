"""E2, penalised_step: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _plain(body: str) -> str:
    return (
        "import numpy as np\n\ndef penalised_step(w, b, grad_w, grad_b, rate, l1, l2):\n" + indent(body, "    ") + "\n"
    )


def _e2(price: str = "l1 * np.sign(w) + 2 * l2 * w", new_b: str = "b - rate * grad_b") -> str:
    return _plain(f"return w - rate * (grad_w + {price}), {new_b}")


WRONG = {
    "two_forgotten": _e2("l1 * np.sign(w) + l2 * w"),
    "pushes_outwards": _plain("return w - rate * (grad_w - l1 * np.sign(w) - 2 * l2 * w), b - rate * grad_b"),
    "rate_left_out": _plain("return w - rate * grad_w - l1 * np.sign(w) - 2 * l2 * w, b - rate * grad_b"),
    "size_for_sign": _e2("l1 * np.abs(w) + 2 * l2 * w"),
    "adds_the_penalty": _e2("l1 * np.abs(w).sum() + l2 * (w**2).sum()"),
    "bias_penalised": _e2(new_b="b - rate * (grad_b + l1 * np.sign(b) + 2 * l2 * b)"),
}

VARIANTS = {
    "two_forgotten": _plain(
        "w_new = (1 - rate * l2) * w - rate * grad_w - rate * l1 * np.sign(w)\nreturn w_new, b - rate * grad_b"
    ),
    "pushes_outwards": _plain(
        "w_new = w + rate * (2 * l2 * w + l1 * np.sign(w))\nw_new = w_new - rate * grad_w\n"
        "return w_new, b - rate * grad_b"
    ),
    "rate_left_out": _plain(
        "shrunk = w * (1 - 2 * l2) - l1 * np.sign(w)\nreturn shrunk - rate * grad_w, b - rate * grad_b"
    ),
    "size_for_sign": _plain("g = grad_w + 2 * l2 * w + l1 * np.sqrt(w**2)\nreturn w - rate * g, b - rate * grad_b"),
    "adds_the_penalty": _plain(
        "price = l1 * np.sum(np.abs(w)) + l2 * np.sum(np.square(w))\n"
        "return w - rate * grad_w - rate * price, b - rate * grad_b"
    ),
    "bias_penalised": _plain(
        "def move(p, g):\n    return p - rate * (g + l1 * np.sign(p) + 2 * l2 * p)\n\n"
        "return move(w, grad_w), move(b, grad_b)"
    ),
}

UNNAMED = {
    "no_penalty": _e2("0 * w"),
    "l2_alone": _e2("2 * l2 * w"),
    "l1_alone": _e2("l1 * np.sign(w)"),
    "uphill": _plain("return w + rate * (grad_w + l1 * np.sign(w) + 2 * l2 * w), b + rate * grad_b"),
    "in_place": _plain("w -= rate * (grad_w + l1 * np.sign(w) + 2 * l2 * w)\nb -= rate * grad_b\nreturn w, b"),
    "strengths_swapped": _e2("l2 * np.sign(w) + 2 * l1 * w"),
    "sign_of_the_gradient": _e2("l1 * np.sign(grad_w) + 2 * l2 * w"),
    "weights_alone": _plain("return w - rate * (grad_w + l1 * np.sign(w) + 2 * l2 * w)"),
    "nan_at_zero": _e2("l1 * w / np.abs(w) + 2 * l2 * w"),
    "bias_stays": _e2(new_b="b"),
    "swapped": _plain("return b - rate * grad_b, w - rate * (grad_w + l1 * np.sign(w) + 2 * l2 * w)"),
}

RIGHT = {
    "one_line": _e2(),
    "shrinks_first": _plain(
        "shrunk = (1 - 2 * rate * l2) * w - rate * l1 * np.sign(w)\nreturn shrunk - rate * grad_w, b - rate * grad_b"
    ),
    "loops": _plain(
        "new = np.empty_like(w)\nfor place, value in np.ndenumerate(w):\n"
        "    sign = (value > 0) * 1.0 - (value < 0) * 1.0\n"
        "    new[place] = value - rate * (grad_w[place] + l1 * sign + 2 * l2 * value)\n"
        "return [new, np.array([p - rate * g for p, g in zip(b, grad_b)])]"
    ),
    "where": _plain(
        "sign = np.where(w > 0, 1.0, np.where(w < 0, -1.0, 0.0))\ngradient = grad_w + l1 * sign + l2 * (w + w)\n"
        "return np.subtract(w, rate * gradient), np.subtract(b, rate * grad_b)"
    ),
    "copies": _plain(
        "w, b = w.copy(), b.copy()\nw -= rate * (grad_w + l1 * np.sign(w) + 2 * l2 * w)\n"
        "b -= rate * grad_b\nreturn w, b"
    ),
    "float32": _plain(
        "w, b, grad_w, grad_b = (v.astype(np.float32) for v in (w, b, grad_w, grad_b))\n"
        "return w - rate * (grad_w + l1 * np.sign(w) + 2 * l2 * w), b - rate * grad_b"
    ),
}
