"""E2, bn_moving: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _plain(body: str) -> str:
    return f"import numpy as np\n\ndef bn_moving(moving_mean, moving_var, z, momentum):\n{indent(body, '    ')}\n"


def _e2(
    mean: str = "momentum * moving_mean + (1 - momentum) * z.mean(axis=0)",
    var: str = "momentum * moving_var + (1 - momentum) * z.var(axis=0)",
) -> str:
    return _plain(f"return {mean}, {var}")


WRONG = {
    "swapped": _e2(
        "(1 - momentum) * moving_mean + momentum * z.mean(axis=0)",
        "(1 - momentum) * moving_var + momentum * z.var(axis=0)",
    ),
    "last_batch": _e2("z.mean(axis=0)", "z.var(axis=0)"),
    "unbiased": _e2(var="momentum * moving_var + (1 - momentum) * z.var(axis=0, ddof=1)"),
    "added": _e2("momentum * moving_mean + z.mean(axis=0)", "momentum * moving_var + z.var(axis=0)"),
    "std_for_variance": _e2(var="momentum * moving_var + (1 - momentum) * z.std(axis=0)"),
    "in_place": _plain(
        "moving_mean *= momentum\nmoving_mean += (1 - momentum) * z.mean(axis=0)\n"
        "moving_var *= momentum\nmoving_var += (1 - momentum) * z.var(axis=0)\nreturn moving_mean, moving_var"
    ),
}

VARIANTS = {
    "swapped": _plain(
        "new_mean = moving_mean + momentum * (z.mean(0) - moving_mean)\n"
        "return new_mean, moving_var + momentum * (z.var(0) - moving_var)"
    ),
    "last_batch": _plain("mean = z.sum(0) / len(z)\nreturn mean, ((z - mean) ** 2).mean(0)"),
    "unbiased": _plain(
        "n = len(z)\nmean = z.mean(0)\nvar = ((z - mean) ** 2).sum(0) / (n - 1)\nkeep = 1 - momentum\n"
        "return moving_mean - keep * (moving_mean - mean), moving_var - keep * (moving_var - var)"
    ),
    "added": _plain("old = momentum * np.stack([moving_mean, moving_var])\nreturn tuple(old + [z.mean(0), z.var(0)])"),
    "std_for_variance": _plain(
        "pairs = [(moving_mean, z.mean(0)), (moving_var, z.std(0))]\n"
        "return [momentum * old + (1 - momentum) * new for old, new in pairs]"
    ),
    "in_place": _plain(
        "moving_mean[:] = momentum * moving_mean + (1 - momentum) * z.mean(0)\n"
        "moving_var[:] = momentum * moving_var + (1 - momentum) * z.var(0)\nreturn moving_mean, moving_var"
    ),
}

UNNAMED = {
    "unchanged": _e2("moving_mean", "moving_var"),
    "half_and_half": _e2("(moving_mean + z.mean(0)) / 2", "(moving_var + z.var(0)) / 2"),
    "nothing_from_the_batch": _e2("momentum * moving_mean", "momentum * moving_var"),
    "nothing_from_the_past": _e2("(1 - momentum) * z.mean(0)", "(1 - momentum) * z.var(0)"),
    "by_row": _e2(
        "momentum * moving_mean.mean() + (1 - momentum) * z.mean(axis=1)",
        "momentum * moving_var.mean() + (1 - momentum) * z.var(axis=1)",
    ),
    "one_mean_for_all": _e2(
        "momentum * moving_mean + (1 - momentum) * z.mean()", "momentum * moving_var + (1 - momentum) * z.var()"
    ),
    "around_the_moving_mean": _e2(var="momentum * moving_var + (1 - momentum) * ((z - moving_mean) ** 2).mean(axis=0)"),
    "pair_swapped": _plain(
        "mean = momentum * moving_mean + (1 - momentum) * z.mean(axis=0)\n"
        "return momentum * moving_var + (1 - momentum) * z.var(axis=0), mean"
    ),
    "mean_alone": _plain("return momentum * moving_mean + (1 - momentum) * z.mean(axis=0)"),
    "spreads_mixed": _e2(var="(momentum * np.sqrt(moving_var) + (1 - momentum) * z.std(axis=0)) ** 2"),
    "centres_z": _plain(
        "mean, var = z.mean(axis=0), z.var(axis=0)\nz -= mean\n"
        "return momentum * moving_mean + (1 - momentum) * mean, momentum * moving_var + (1 - momentum) * var"
    ),
    "mixed_up": _e2(var="momentum * moving_mean + (1 - momentum) * z.var(axis=0)"),
}

FITS_A_NAME = {"centres_z": "in_place"}

RIGHT = {
    "one_line": _e2(),
    "towards_the_batch": _plain(
        "share = 1 - momentum\nnew_mean = moving_mean + share * (z.mean(0) - moving_mean)\n"
        "return new_mean, moving_var + share * (z.var(0) - moving_var)"
    ),
    "average": _plain(
        "shares = [momentum, 1 - momentum]\n"
        "return tuple(np.average([old, new], axis=0, weights=shares) "
        "for old, new in ((moving_mean, np.mean(z, 0)), (moving_var, np.var(z, 0))))"
    ),
    "loop": _plain(
        "d = z.shape[1]\nmeans, variances = [], []\nfor j in range(d):\n    column = z[:, j]\n"
        "    m = sum(column) / len(column)\n    v = sum((column - m) ** 2) / len(column)\n"
        "    means.append(momentum * moving_mean[j] + (1 - momentum) * m)\n"
        "    variances.append(momentum * moving_var[j] + (1 - momentum) * v)\nreturn means, variances"
    ),
    "copies": _plain(
        "mean, var = moving_mean.copy(), moving_var.copy()\nmean *= momentum\nvar *= momentum\n"
        "mean += (1 - momentum) * z.mean(axis=0)\nvar += (1 - momentum) * z.var(axis=0)\nreturn [mean, var]"
    ),
    "single_precision": _plain(
        "z = z.astype(np.float32)\nkeep, take = np.float32(momentum), np.float32(1 - momentum)\n"
        "return keep * moving_mean + take * z.mean(axis=0), keep * moving_var + take * z.var(axis=0)"
    ),
    "squares": _plain(
        "m = z.mean(0)\nv = (z * z).mean(0) - m * m\n"
        "return momentum * moving_mean + (1 - momentum) * m, momentum * moving_var + (1 - momentum) * v"
    ),
}
