"""E1, bn_train: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent

_REFUSE = "if z.ndim != 2 or len(z) == 0:\n    raise ValueError('no batch')\n"


def _plain(body: str, refuse: str = _REFUSE) -> str:
    return f"import numpy as np\n\ndef bn_train(z, gamma, beta, eps=1e-3):\n{indent(refuse + body, '    ')}\n"


def _e1(
    out: str = "gamma * (z - mean) / np.sqrt(var + eps) + beta",
    mean: str = "z.mean(axis=0)",
    var: str = "z.var(axis=0)",
) -> str:
    return _plain(f"mean, var = {mean}, {var}\nreturn {out}, mean, var")


WRONG = {
    "by_row": _plain(
        "mean, var = z.mean(axis=1), z.var(axis=1)\n"
        "return gamma * (z - mean[:, None]) / np.sqrt(var[:, None] + eps) + beta, mean, var"
    ),
    "whole_array": _plain(
        "mean, var = z.mean(), z.var()\nreturn gamma * (z - mean) / np.sqrt(var + eps) + beta, mean, var"
    ),
    "unbiased": _e1(var="z.var(axis=0, ddof=1)"),
    "eps_on_std": _e1("gamma * (z - mean) / (np.sqrt(var) + eps) + beta"),
    "no_eps": _e1("gamma * (z - mean) / np.sqrt(var) + beta"),
    "by_variance": _e1("gamma * (z - mean) / (var + eps) + beta"),
    "no_gamma_beta": _e1("(z - mean) / np.sqrt(var + eps)"),
    "beta_first": _e1("gamma * ((z - mean) / np.sqrt(var + eps) + beta)"),
}

VARIANTS = {
    "by_row": _plain(
        "rows = z.T\nout = (rows - rows.mean(0)) / np.sqrt(rows.var(0) + eps)\n"
        "return out.T * gamma + beta, rows.mean(0), rows.var(0)"
    ),
    "whole_array": _plain(
        "d = z.shape[1]\nmean, var = np.full(d, np.mean(z)), np.full(d, np.var(z))\n"
        "return (z - mean) / np.sqrt(var + eps) * gamma + beta, mean, var"
    ),
    "unbiased": _plain(
        "mean = z.sum(0) / len(z)\nvar = ((z - mean) ** 2).sum(0) / (len(z) - 1)\n"
        "return (z - mean) / (var + eps) ** 0.5 * gamma + beta, mean, var"
    ),
    "eps_on_std": _plain("m, s = z.mean(0), z.std(0)\nreturn beta + gamma * ((z - m) / (s + eps)), m, s**2"),
    "no_eps": _plain("m, s = z.mean(0), z.std(0)\nreturn (z - m) / s * gamma + beta, m, s * s"),
    "by_variance": _e1("(z - mean) * gamma / (eps + var) + beta"),
    "no_gamma_beta": _plain("m, v = np.mean(z, 0), np.var(z, 0)\nout = (z - m) / np.sqrt(v + eps)\nreturn out, m, v"),
    "beta_first": _plain(
        "m, v = z.mean(0), z.var(0)\nout = (z - m) / np.sqrt(v + eps)\nreturn (out + beta) * gamma, m, v"
    ),
}

UNNAMED = {
    "no_centre": _e1("gamma * z / np.sqrt(var + eps) + beta"),
    "no_scaling": _e1("gamma * (z - mean) + beta"),
    "no_gamma": _e1("(z - mean) / np.sqrt(var + eps) + beta"),
    "no_beta": _e1("gamma * (z - mean) / np.sqrt(var + eps)"),
    "spread_for_variance": _plain(
        "mean, std = z.mean(axis=0), z.std(axis=0)\nreturn gamma * (z - mean) / np.sqrt(std**2 + eps) + beta, mean, std"
    ),
    "var_with_eps": _plain(
        "mean, var = z.mean(axis=0), z.var(axis=0) + eps\nreturn gamma * (z - mean) / np.sqrt(var) + beta, mean, var"
    ),
    "eps_fixed": _e1("gamma * (z - mean) / np.sqrt(var + 1e-3) + beta"),
    "eps_tiny": _e1("gamma * (z - mean) / np.sqrt(var + eps / 100) + beta"),
    "median": _e1(mean="np.median(z, axis=0)"),
    "in_place": _plain(
        "mean, var = z.mean(axis=0), z.var(axis=0)\nz -= mean\nz /= np.sqrt(var + eps)\nz *= gamma\nz += beta\n"
        "return z, mean, var"
    ),
    "accepts_anything": _plain(
        "mean, var = z.mean(axis=0), z.var(axis=0)\nreturn gamma * (z - mean) / np.sqrt(var + eps) + beta, mean, var",
        "",
    ),
    "refuses_a_single_row": _plain(
        "mean, var = z.mean(axis=0), z.var(axis=0)\nreturn gamma * (z - mean) / np.sqrt(var + eps) + beta, mean, var",
        "if z.ndim != 2 or len(z) < 2:\n    raise ValueError('no batch')\n",
    ),
    "kept_axes": _e1(mean="z.mean(axis=0, keepdims=True)", var="z.var(axis=0, keepdims=True)"),
    "swapped": _plain(
        "mean, var = z.mean(axis=0), z.var(axis=0)\nreturn mean, var, gamma * (z - mean) / np.sqrt(var + eps) + beta"
    ),
    "output_alone": _plain(
        "mean, var = z.mean(axis=0), z.var(axis=0)\nreturn gamma * (z - mean) / np.sqrt(var + eps) + beta"
    ),
    "asserts": _plain(
        "mean, var = z.mean(axis=0), z.var(axis=0)\nreturn gamma * (z - mean) / np.sqrt(var + eps) + beta, mean, var",
        "assert z.ndim == 2 and len(z) > 0\n",
    ),
}

RIGHT = {
    "one_line": _e1(),
    "loop_over_columns": _plain(
        "n, d = z.shape\nout, mean, var = np.empty((n, d)), np.empty(d), np.empty(d)\n"
        "for j in range(d):\n    mean[j] = sum(z[:, j]) / n\n    var[j] = sum((z[:, j] - mean[j]) ** 2) / n\n"
        "    out[:, j] = gamma[j] * (z[:, j] - mean[j]) / (var[j] + eps) ** 0.5 + beta[j]\nreturn out, mean, var"
    ),
    "single_precision": _plain(
        "z = z.astype('float32')\nmean, var = z.mean(axis=0), z.var(axis=0)\n"
        "return gamma * (z - mean) / np.sqrt(var + eps) + beta, mean, var"
    ),
    "folded": _plain(
        "mean, var = np.mean(z, axis=0), np.var(z, axis=0)\nfactor = gamma / np.sqrt(var + eps)\n"
        "return [z * factor + (beta - mean * factor), mean, var]"
    ),
    "transposed": _plain(
        "columns = z.T\nmean = columns.mean(axis=1, keepdims=True)\nvar = columns.var(axis=1, keepdims=True)\n"
        "out = gamma[:, None] * (columns - mean) / np.sqrt(var + eps) + beta[:, None]\n"
        "return out.T, mean[:, 0], var[:, 0]"
    ),
    "by_squares": _plain(
        "mean = z.mean(0)\ncentred = z - mean\nvar = (centred**2).mean(0)\n"
        "return np.add(beta, np.multiply(gamma, centred * (var + eps) ** -0.5)), mean, var",
        "if np.ndim(z) != 2 or z.shape[0] < 1:\n    raise ValueError(f'z has shape {z.shape}')\n",
    ),
    "keras": (
        "import numpy as np\nimport keras\n\ndef bn_train(z, gamma, beta, eps=1e-3):\n"
        "    if z.ndim != 2 or not len(z):\n        raise ValueError\n"
        "    mean, var = keras.ops.moments(keras.ops.convert_to_tensor(z), axes=[0])\n"
        "    normal = (z - np.asarray(mean)) / np.sqrt(np.asarray(var) + eps)\n"
        "    return gamma * normal + beta, mean, var\n"
    ),
}
