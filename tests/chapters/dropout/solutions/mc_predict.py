"""E5, mc_predict: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import dedent, indent

_BODY = """\
passes = np.stack([np.asarray(model(x, training=True)) for _ in range(n_passes)])
mean = passes.mean(axis=0)
std = passes.std(axis=0)
entropy = -(mean * np.log(mean + 1e-12)).sum(axis=1)
return mean, std, entropy"""


def _e5(body: str, before: str = "import numpy as np") -> str:
    return f"{before}\n\ndef mc_predict(model, x, n_passes):\n{indent(dedent(body).strip(), '    ')}\n"


def _changed(*changes: tuple[str, str]) -> str:
    """The right body with pieces replaced."""
    body = _BODY
    for old, new in changes:
        assert old in body
        body = body.replace(old, new)
    return _e5(body)


_PASS = "np.asarray(model(x, training=True))"
_MEAN_OF_ENTROPIES = "np.mean([-(p * np.log(p + 1e-12)).sum(axis=1) for p in passes], axis=0)"
_ENTROPY = "-(mean * np.log(mean + 1e-12)).sum(axis=1)"

WRONG = {
    "used_predict": _changed((_PASS, "model.predict(x, verbose=0)")),
    "one_sample_repeated": _changed((f"[{_PASS} for _ in range(n_passes)]", f"[{_PASS}] * n_passes")),
    "mean_of_entropies": _changed((_ENTROPY, _MEAN_OF_ENTROPIES)),
    "std_wrong_axis": _changed(("passes.std(axis=0)", "passes.std(axis=1)")),
    "class_votes_only": _changed(
        ("mean = passes.mean(axis=0)", "passes = np.eye(passes.shape[2])[passes.argmax(axis=2)]\nmean = passes.mean(0)")
    ),
    "log_zero": _changed(("mean + 1e-12", "mean")),
}

VARIANTS = {
    "used_predict": _changed((_PASS, "model.predict(x, batch_size=2, verbose=0)")),
    "training_flag_missing": _changed((_PASS, "np.asarray(model(x))")),
    "one_sample_repeated": _changed(
        (_BODY, "mean = np.asarray(model(x, training=True))\nentropy = -(mean * np.log(mean + 1e-12)).sum(1)\n"),
    ).replace(".sum(1)\n", ".sum(1)\n    return mean, np.zeros_like(mean), entropy\n"),
    "mean_of_entropies": _changed(
        (_ENTROPY, "-(passes * np.log(np.clip(passes, 1e-9, 1))).sum(axis=2).sum(axis=0) / n_passes")
    ),
    "std_wrong_axis": _changed(("passes.std(axis=0)", "passes.std(axis=-1)")),
    "class_votes_only": _changed(
        (
            "mean = passes.mean(axis=0)",
            "votes = passes.argmax(axis=2)\nmean = np.stack([(votes == k).mean(0) for k in range(passes.shape[2])], 1)",
        )
    ),
    "log_zero": _e5(
        """
        passes = tf.stack([model(x, training=True) for _ in range(n_passes)])
        mean, std = tf.reduce_mean(passes, 0), tf.math.reduce_std(passes, 0)
        return mean.numpy(), std.numpy(), -tf.reduce_sum(mean * tf.math.log(mean), 1).numpy()
        """,
        "import tensorflow as tf",
    ),
}

UNNAMED = {
    "variance": _changed(("passes.std(axis=0)", "passes.var(axis=0)")),
    "sample_std": _changed(("passes.std(axis=0)", "passes.std(axis=0, ddof=1)")),
    "standard_error": _changed(("passes.std(axis=0)", "passes.std(axis=0) / np.sqrt(n_passes)")),
    "bits": _changed(("np.log(", "np.log2(")),
    "negative_entropy": _changed(("-(mean * ", "(mean * ")),
    "normalised_entropy": _changed(
        (".sum(axis=1)", ".sum(axis=1) / np.log(mean.shape[1])"),
    ),
    "one_pass_too_many": _changed(("range(n_passes)", "range(n_passes + 1)")),
    "one_pass_too_few": _changed(("range(n_passes)", "range(n_passes - 1)")),
    "fixed_number_of_passes": _changed(("range(n_passes)", "range(10)")),
    "entropy_over_the_rows": _changed((".sum(axis=1)", ".sum(axis=0)")),
    "total_entropy": _changed((".sum(axis=1)", ".sum()")),
    "median": _changed(("passes.mean(axis=0)", "np.median(passes, axis=0)")),
    "mean_over_the_rows": _changed(("passes.mean(axis=0)", "passes.mean(axis=1)")),
    "first_with_dropout_only": _changed((_PASS, "np.asarray(model(x, training=(_ == 0)))")),
    "tiled_into_one_call": _changed(
        (
            f"np.stack([{_PASS} for _ in range(n_passes)])",
            "np.asarray(model(np.tile(x, (n_passes, 1)), training=True)).reshape(n_passes, len(x), -1)",
        )
    ),
    "row_by_row": _changed(
        (_PASS, "np.concatenate([np.asarray(model(x[i : i + 1], training=True))[:1] for i in range(len(x))])")
    ),
    "entropy_of_std": _changed((_ENTROPY, "-(std * np.log(std + 1e-12)).sum(axis=1)")),
    "mean_without_dropout": _changed(("mean = passes.mean(axis=0)", "mean = np.asarray(model(x, training=False))")),
    "large_epsilon": _changed(("mean + 1e-12", "mean + 0.05")),
    "clipped_at_a_hundredth": _changed(("mean + 1e-12", "np.clip(mean, 0.01, 1)")),
    "only_two_answers": _changed(("return mean, std, entropy", "return mean, std")),
    "warm_up": _changed(("passes = np", "model(x)\npasses = np")),
    "squeezed": _changed(
        ("return mean, std, entropy", "return np.squeeze(mean), np.squeeze(std), np.squeeze(entropy)")
    ),
    "x_scaled_in_place": _e5("x /= x.max()\n" + _BODY),
    "x_as_integers": _changed(("model(x, ", "model(np.round(x), ")),
    "flag_off": _changed(("training=True", "training=False")),
}

RIGHT = {
    "stack": _e5(_BODY),
    "list_and_where": _e5(
        """
        runs = []
        for _ in range(n_passes):
            runs.append(model(x, training=True).numpy())
        mean = np.mean(runs, axis=0)
        terms = np.where(mean > 0, mean * np.log(np.where(mean > 0, mean, 1)), 0)
        return mean, np.std(runs, axis=0), -terms.sum(axis=-1)
        """
    ),
    "tensorflow": _e5(
        """
        passes = tf.stack([model(x, training=True) for _ in range(n_passes)])
        mean = tf.reduce_mean(passes, axis=0)
        entropy = -tf.reduce_sum(tf.math.xlogy(mean, mean), axis=-1)
        return mean.numpy(), tf.math.reduce_std(passes, axis=0).numpy(), entropy.numpy()
        """,
        "import tensorflow as tf",
    ),
    "keras_ops": _e5(
        """
        passes = ops.stack([model(x, training=True) for _ in range(n_passes)], axis=0)
        mean, std = ops.mean(passes, axis=0), ops.std(passes, axis=0)
        entropy = -ops.sum(mean * ops.log(ops.maximum(mean, 1e-12)), axis=-1)
        return tuple(ops.convert_to_numpy(a) for a in (mean, std, entropy))
        """,
        "from keras import ops",
    ),
    "running_sums": _e5(
        """
        total = squares = 0.0
        for _ in range(n_passes):
            p = np.asarray(model(x, training=True), dtype=np.float64)
            total, squares = total + p, squares + p**2
        mean = total / n_passes
        std = np.sqrt(np.maximum(squares / n_passes - mean**2, 0))
        return [mean, std, -np.sum(mean * np.log(np.clip(mean, 1e-10, None)), axis=1)]
        """
    ),
    "loops": _e5(
        """
        passes = [np.array(model(x, training=True)) for _ in range(n_passes)]
        n, k = passes[0].shape
        mean, std, entropy = np.zeros((n, k)), np.zeros((n, k)), np.zeros(n)
        for i in range(n):
            for j in range(k):
                values = [float(p[i, j]) for p in passes]
                mean[i, j] = sum(values) / n_passes
                std[i, j] = (sum((v - mean[i, j]) ** 2 for v in values) / n_passes) ** 0.5
                if mean[i, j] > 0:
                    entropy[i] -= mean[i, j] * np.log(mean[i, j])
        return mean, std, entropy
        """
    ),
    "compiled_step": _e5(
        """
        @tf.function
        def one_pass(rows):
            return model(rows, training=True)

        rows = tf.constant(x)
        passes = np.array([one_pass(rows).numpy() for _ in range(n_passes)], dtype="float64")
        mean = passes.mean(0)
        logs = np.log(mean, out=np.zeros_like(mean), where=mean > 0)
        return mean, passes.std(0), -(mean * logs).sum(1)
        """,
        "import numpy as np\nimport tensorflow as tf",
    ),
    "welford": _e5(
        """
        mean, spread = 0.0, 0.0
        for k in range(1, n_passes + 1):
            p = model(x, training=True).numpy().astype(float)
            before = p - mean
            mean = mean + before / k
            spread = spread + before * (p - mean)
        safe = np.nan_to_num(np.log(mean), neginf=0.0)
        return mean, np.sqrt(spread / n_passes), -(mean * safe).sum(axis=1)
        """
    ),
    "lists_returned": _changed(("return mean, std, entropy", "return [mean.tolist(), std.tolist(), entropy.tolist()]")),
    "doubles": _changed(("model(x, ", "model(np.asarray(x, dtype='float64'), ")),
    "tensors_returned": _e5(
        """
        passes = tf.stack([model(tf.constant(x), training=True) for _ in range(n_passes)])
        mean = tf.reduce_mean(passes, axis=0)
        return mean, tf.math.reduce_std(passes, axis=0), -tf.reduce_sum(tf.math.xlogy(mean, mean), axis=-1)
        """,
        "import tensorflow as tf",
    ),
}

# Wrong in ways of their own, but with the very numbers of a named mistake.
FITS_A_NAME = {
    "flag_off": "training_flag_missing",
}
