"""E2, dropout_backward: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e2(body: str, before: str = "import numpy as np") -> str:
    return f"{before}\n\ndef dropout_backward(dout, mask):\n{indent(body, '    ')}\n"


WRONG = {
    "ignores_mask": _e2("return dout.copy()"),
    "binary_mask_only": _e2("return dout * (mask > 0)"),
    "scaled_twice": _e2("keep = 1 / mask.max() if mask.any() else 1.0\nreturn dout * mask / keep"),
    "new_mask": _e2(
        "rate = 1 - 1 / mask.max() if mask.any() else 0.0\n"
        "new = (np.random.default_rng().random(mask.shape) >= rate) / (1 - rate)\nreturn dout * new"
    ),
    "mask_from_output_zeros": _e2("scale = mask.max()\nreturn np.where(dout == 0, 0.0, dout * scale)"),
}

VARIANTS = {
    "ignores_mask": _e2("return np.where(mask >= 0, dout, 0.0)"),
    "binary_mask_only": _e2("dx = dout.copy()\ndx[mask == 0] = 0\nreturn dx"),
    "scaled_twice": _e2("return dout * mask * mask"),
    "new_mask": _e2(
        "rng = np.random.default_rng(0)\nrate = (mask == 0).mean()\nif rate == 1:\n    return 0 * dout\n"
        "return dout * (rng.random(mask.shape) >= rate) / (1 - rate)"
    ),
    "mask_from_output_zeros": _e2("return dout * (dout != 0) * np.max(mask)"),
}

UNNAMED = {
    "by_the_sign_of_dout": _e2("return np.where(dout > 0, dout * mask, 0.0)"),
    "squeezes_a_single_row": _e2("return np.squeeze(dout * mask)"),
    "divided_by_the_mask": _e2("return np.where(mask > 0, dout / np.where(mask > 0, mask, 1.0), 0.0)"),
    "two_axes_only": _e2(
        "dx = np.zeros(dout.shape)\nfor i in range(dout.shape[0]):\n    for j in range(dout.shape[1]):\n"
        "        dx[i, j] = dout[i, j] * mask[i, j]\nreturn dx"
    ),
    "one_row_of_the_mask": _e2("return dout * mask[:1]"),
    "fails_where_nothing_is_kept": _e2("return np.where(mask > 0, dout, 0.0) * mask[mask > 0][0]"),
    "wrong_side": _e2("return dout * (mask == 0)"),
    "sum_over_the_batch": _e2("return (dout * mask).sum(axis=0)"),
    "mean_over_the_batch": _e2("return dout * mask / len(dout)"),
    "negative": _e2("return -dout * mask"),
    "writes_into_dout": _e2("dout *= mask\nreturn dout"),
    "writes_into_mask": _e2("mask *= dout\nreturn mask"),
    "flattened": _e2("return (dout * mask).ravel()"),
    "returns_the_mask": _e2("return mask"),
    "absolute": _e2("return np.abs(dout) * mask"),
    "pair": _e2("return dout * mask, mask"),
    "matrix_only": _e2("rows, columns = dout.shape\nreturn dout * mask"),
    "rounded": _e2("return np.round(dout * mask, 2)"),
}

RIGHT = {
    "vectorised": _e2("return dout * mask"),
    "multiply": _e2("return np.multiply(mask, dout)"),
    "where": _e2("return np.where(mask > 0, dout * mask, 0.0)"),
    "loops": _e2(
        "dx = np.zeros(dout.shape)\nfor index in np.ndindex(dout.shape):\n    dx[index] = dout[index] * mask[index]\n"
        "return dx"
    ),
    "in_place_on_a_copy": _e2("dx = dout.astype(float).copy()\ndx *= mask\nreturn dx"),
    "float32": _e2("return dout.astype(np.float32) * mask.astype(np.float32)"),
    "kept_places": _e2("dx = np.zeros_like(dout)\nkept = mask != 0\ndx[kept] = dout[kept] * mask[kept]\nreturn dx"),
    "keras_ops": _e2(
        "return ops.convert_to_numpy(ops.multiply(dout, mask))", "import numpy as np\nfrom keras import ops"
    ),
    "einsum": _e2("return np.einsum('...,...->...', dout, mask)"),
    "gradient_tape": _e2(
        "x = tf.Variable(np.zeros(dout.shape))\nwith tf.GradientTape() as tape:\n"
        "    total = tf.reduce_sum(dout * (x * mask))\nreturn tape.gradient(total, x).numpy()",
        "import numpy as np\nimport tensorflow as tf",
    ),
    "tensor": _e2("return tf.multiply(dout, mask)", "import tensorflow as tf"),
}
