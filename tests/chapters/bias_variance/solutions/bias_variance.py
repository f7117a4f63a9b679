"""E1, bias_variance: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _e1(body: str) -> str:
    return f"import numpy as np\n\ndef bias_variance(predictions, truth):\n{indent(body, '    ')}\n"


_BIAS2 = "((predictions.mean(axis=0) - truth) ** 2).mean()"
_VARIANCE = "predictions.var(axis=0).mean()"

WRONG = {
    "bias_not_squared": _e1(f"return np.abs(predictions.mean(axis=0) - truth).mean(), {_VARIANCE}"),
    "signed_bias_cancels": _e1(f"return (predictions.mean() - truth.mean()) ** 2, {_VARIANCE}"),
    "error_as_bias": _e1(f"return ((predictions - truth) ** 2).mean(), {_VARIANCE}"),
    "variance_over_points": _e1(f"return {_BIAS2}, predictions.var(axis=1).mean()"),
    "variance_of_average": _e1(f"return {_BIAS2}, predictions.mean(axis=0).var()"),
    "spread_around_truth": _e1(f"return {_BIAS2}, ((predictions - truth) ** 2).mean()"),
    "standard_deviation": _e1(f"return {_BIAS2}, predictions.std(axis=0).mean()"),
    "divides_by_one_less": _e1(f"return {_BIAS2}, predictions.var(axis=0, ddof=1).mean()"),
    "parts_swapped": _e1(f"return {_VARIANCE}, {_BIAS2}"),
    "sums_over_points": _e1("return ((predictions.mean(axis=0) - truth) ** 2).sum(), predictions.var(axis=0).sum()"),
}

VARIANTS = {
    "bias_not_squared": _e1(f"return np.mean(abs(sum(predictions) / len(predictions) - truth)), {_VARIANCE}"),
    "signed_bias_cancels": _e1(f"bias = (predictions.mean(axis=0) - truth).mean()\nreturn bias**2, {_VARIANCE}"),
    "error_as_bias": _e1(f"return np.mean([np.mean((p - truth) ** 2) for p in predictions]), {_VARIANCE}"),
    "variance_over_points": _e1(f"return {_BIAS2}, np.mean([p.var() for p in predictions])"),
    "variance_of_average": _e1(f"average = predictions.mean(axis=0)\nreturn {_BIAS2}, np.var(average)"),
    "spread_around_truth": _e1(f"return {_BIAS2}, np.mean([((p - truth) ** 2).mean() for p in predictions])"),
    "standard_deviation": _e1(f"return {_BIAS2}, np.mean(np.sqrt(predictions.var(axis=0)))"),
    "divides_by_one_less": _e1(
        "average = predictions.mean(axis=0)\nscatter = ((predictions - average) ** 2).sum(axis=0)\n"
        f"return {_BIAS2}, (scatter / (len(predictions) - 1)).mean()"
    ),
    "parts_swapped": _e1(
        f"bias2 = {_BIAS2}\nvariance = ((predictions - truth) ** 2).mean() - bias2\nreturn variance, bias2"
    ),
    "sums_over_points": _e1(f"return {_BIAS2} * len(truth), {_VARIANCE} * len(truth)"),
}

UNNAMED = {
    "signed_and_not_squared": _e1(f"return (predictions.mean(axis=0) - truth).mean(), {_VARIANCE}"),
    "sum_over_all": _e1(f"return {_BIAS2} * truth.size, {_VARIANCE} * predictions.size"),
    "one_for_each_point": _e1("return (predictions.mean(axis=0) - truth) ** 2, predictions.var(axis=0)"),
    "variance_of_all": _e1(f"return {_BIAS2}, predictions.var()"),
    "first_network_only": _e1(f"return ((predictions[0] - truth) ** 2).mean(), {_VARIANCE}"),
    "median_for_average": _e1(f"return ((np.median(predictions, axis=0) - truth) ** 2).mean(), {_VARIANCE}"),
    "in_place": _e1(
        f"bias2 = {_BIAS2}\npredictions -= predictions.mean(axis=0)\nreturn bias2, (predictions**2).mean()"
    ),
    "only_the_sum": _e1("return ((predictions - truth) ** 2).mean()"),
}

FITS_A_NAME = {
    "signed_and_not_squared": "bias_not_squared",  # where all misses are upwards, it is the same
    "sum_over_all": "sums_over_points",  # as far as bias² goes
}

RIGHT = {
    "vectorised": _e1(f"return {_BIAS2}, {_VARIANCE}"),
    "loop": _e1(
        "n, points = predictions.shape\nbias2 = variance = 0.0\nfor j in range(points):\n"
        "    column = [predictions[i, j] for i in range(n)]\n    average = sum(column) / n\n"
        "    bias2 += (average - truth[j]) ** 2\n    variance += sum((v - average) ** 2 for v in column) / n\n"
        "return bias2 / points, variance / points"
    ),
    "error_less_variance": _e1(
        "variance = np.mean(np.var(predictions, 0))\nreturn np.mean((predictions - truth) ** 2) - variance, variance"
    ),
    "error_less_bias": _e1(f"bias2 = {_BIAS2}\nreturn [bias2, np.square(predictions - truth).mean() - bias2]"),
    "mean_of_squares": _e1(
        "m = np.einsum('ij->j', predictions) / len(predictions)\n"
        "return np.mean(np.square(m - truth)), np.mean((predictions**2).mean(axis=0) - m**2)"
    ),
    "float32": _e1(
        "p, t = predictions.astype(np.float32), truth.astype(np.float32)\naverage = p.mean(axis=0)\n"
        "return np.mean((average - t) ** 2), np.mean((p - average) ** 2)"
    ),
    "one_array": _e1(f"return np.array([{_BIAS2}, {_VARIANCE}])"),
    "pairs": _e1(
        "n = len(predictions)\napart = predictions[:, None] - predictions[None]\n"
        f"return {_BIAS2}, (apart**2).mean() / 2 if n else 0.0"
    ),
}
