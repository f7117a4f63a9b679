"""E4, fold: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _plain(body: str) -> str:
    head = "import numpy as np\n\ndef fold(kernel, moving_mean, moving_var, gamma, beta, eps=1e-3):\n"
    return head + indent(body, "    ") + "\n"


def _e4(
    factor: str = "gamma / np.sqrt(moving_var + eps)", kernel: str = "kernel * s", bias: str = "beta - moving_mean * s"
) -> str:
    return _plain(f"s = {factor}\nreturn {kernel}, {bias}")


WRONG = {
    "rows": _e4(kernel="kernel * s[:, None]"),
    "sign": _e4(bias="beta + moving_mean * s"),
    "no_eps": _e4("gamma / np.sqrt(moving_var)"),
    "mean_unscaled": _e4(bias="beta - moving_mean"),
    "no_gamma": _e4("1 / np.sqrt(moving_var + eps)"),
    "by_variance": _e4("gamma / (moving_var + eps)"),
}

VARIANTS = {
    "rows": _plain("s = np.diag(gamma / np.sqrt(moving_var + eps))\nreturn s @ kernel, beta - s @ moving_mean"),
    "sign": _plain("s = gamma / np.sqrt(moving_var + eps)\nreturn kernel * s, moving_mean * s + beta"),
    "no_eps": _plain("s = np.sqrt(moving_var)\nreturn gamma * kernel / s, beta - gamma * moving_mean / s"),
    "mean_unscaled": _plain("s = gamma / np.sqrt(moving_var + eps)\nreturn s * kernel, -moving_mean + beta"),
    "no_gamma": _plain("s = (moving_var + eps) ** 0.5\nreturn kernel / s, beta - moving_mean / s"),
    "by_variance": _plain("v = moving_var + eps\nreturn kernel * gamma / v, beta - moving_mean * gamma / v"),
}

UNNAMED = {
    "kernel_as_it_was": _e4(kernel="kernel"),
    "no_bias": _e4(bias="0 * beta"),
    "beta_alone": _e4(bias="beta"),
    "mean_alone": _e4(bias="-moving_mean * s"),
    "eps_on_std": _e4("gamma / (np.sqrt(moving_var) + eps)"),
    "eps_fixed": _e4("gamma / np.sqrt(moving_var + 1e-3)"),
    "undone": _e4(kernel="kernel / s"),
    "mean_not_by_gamma": _e4(bias="beta - moving_mean / np.sqrt(moving_var + eps)"),
    "mean_through_the_kernel": _e4(bias="beta - (moving_mean @ kernel.T) @ kernel"),
    "mean_taken_off_the_kernel": _e4(kernel="(kernel - moving_mean) * s"),
    "in_place": _plain("s = gamma / np.sqrt(moving_var + eps)\nkernel *= s\nreturn kernel, beta - moving_mean * s"),
    "swapped": _plain("s = gamma / np.sqrt(moving_var + eps)\nreturn beta - moving_mean * s, kernel * s"),
    "kernel_alone": _plain("return kernel * gamma / np.sqrt(moving_var + eps)"),
    "transposed": _e4(kernel="(kernel * s).T"),
}

FITS_A_NAME = {"mean_not_by_gamma": "no_gamma"}

RIGHT = {
    "factor": _e4(),
    "diagonal": _plain("s = gamma / np.sqrt(moving_var + eps)\nreturn kernel @ np.diag(s), beta - moving_mean * s"),
    "loop": _plain(
        "new, bias = np.zeros_like(kernel), []\nfor j in range(kernel.shape[1]):\n"
        "    s = gamma[j] / (moving_var[j] + eps) ** 0.5\n    new[:, j] = kernel[:, j] * s\n"
        "    bias.append(beta[j] - s * moving_mean[j])\nreturn new, bias"
    ),
    "measured": _plain(
        "def both(x):\n    return gamma * (x @ kernel - moving_mean) / np.sqrt(moving_var + eps) + beta\n\n"
        "n = kernel.shape[0]\nbias = both(np.zeros(n))\nreturn both(np.eye(n)) - bias, bias"
    ),
    "einsum": _plain(
        "s = gamma * (moving_var + eps) ** -0.5\nreturn np.einsum('ij,j->ij', kernel, s), beta + (-moving_mean) * s"
    ),
    "single_precision": _plain(
        "k, m, v, g, b = (a.astype('float32') for a in (kernel, moving_mean, moving_var, gamma, beta))\n"
        "s = g / np.sqrt(v + np.float32(eps))\nreturn [k * s, b - m * s]"
    ),
    "transposed_twice": _plain(
        "spread = np.sqrt(moving_var + eps)\nrows = kernel.T * (gamma / spread)[:, None]\n"
        "return rows.T, beta - gamma * moving_mean / spread"
    ),
}
