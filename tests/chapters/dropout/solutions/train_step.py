"""E6, train_step: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import dedent, indent

_BODY = """\
with tf.GradientTape() as tape:
    prediction = model(x, training=True)
    loss = loss_fn(y, prediction)
    loss += sum(model.losses)
gradients = tape.gradient(loss, model.trainable_variables)
optimizer.apply_gradients(zip(gradients, model.trainable_variables))
return float(loss)"""
_APPLY = "optimizer.apply_gradients(zip(gradients, model.trainable_variables))"


def _e6(body: str, before: str = "import tensorflow as tf") -> str:
    return f"{before}\n\ndef train_step(model, optimizer, loss_fn, x, y):\n{indent(dedent(body).strip(), '    ')}\n"


def _changed(*changes: tuple[str, str]) -> str:
    """The right body with pieces replaced."""
    body = _BODY
    for old, new in changes:
        assert old in body
        body = body.replace(old, new)
    return _e6(body)


WRONG = {
    "training_flag_missing": _changed((", training=True", "")),
    "forgot_regularisation_losses": _changed(("    loss += sum(model.losses)\n", "")),
    "forward_outside_tape": _e6(
        f"prediction = model(x, training=True)\nwith tf.GradientTape() as tape:\n"
        f"    loss = loss_fn(y, prediction) + sum(model.losses)\n"
        f"gradients = tape.gradient(loss, model.trainable_variables)\n{_APPLY}\nreturn float(loss)"
    ),
    "no_apply": _changed((_APPLY + "\n", "")),
    "applied_twice": _changed((_APPLY, f"{_APPLY}\n{_APPLY}")),
}

VARIANTS = {
    "training_flag_missing": _changed(("training=True", "training=False")),
    "forgot_regularisation_losses": _changed(("sum(model.losses)", "0.0")),
    "forward_outside_tape": _e6(
        f"loss = loss_fn(y, model(x, training=True)) + sum(model.losses)\nwith tf.GradientTape() as tape:\n"
        f"    total = loss * 1.0\n"
        f"gradients = tape.gradient(total, model.trainable_variables)\n{_APPLY}\nreturn float(loss)"
    ),
    "no_apply": _e6(
        "prediction = model(x, training=True)\nreturn float(loss_fn(y, prediction) + sum(model.losses))",
    ),
    "applied_twice": _e6(f"for _ in range(2):\n{indent(_BODY, '    ')}".replace("    return float(loss)", "")).rstrip()
    + "\n    return float(loss)\n",
}

UNNAMED = {
    "first_layer_only": _changed(("model.trainable_variables", "model.trainable_variables[:2]")),
    "last_layer_only": _changed(("model.trainable_variables", "model.trainable_variables[-2:]")),
    "arguments_swapped": _changed(("loss_fn(y, prediction)", "loss_fn(prediction, y)")),
    "gradient_ascent": _changed(("zip(gradients, ", "zip([-g for g in gradients], ")),
    "by_hand_without_the_optimizer": _changed(
        (_APPLY, "for g, v in zip(gradients, model.trainable_variables):\n    v.assign_sub(0.05 * g)")
    ),
    "optimizer_of_its_own": _changed((_APPLY, "import keras\nkeras.optimizers.SGD(0.05)" + _APPLY[9:])),
    "penalty_added_after_the_tape": _changed(
        ("    loss += sum(model.losses)\n", ""), ("return float(loss)", "return float(loss + sum(model.losses))")
    ),
    "penalty_only_in_the_gradient": _changed(
        ("loss = loss_fn(y, prediction)\n", "data = loss_fn(y, prediction)\n    loss = data\n"),
        ("return float(loss)", "return float(data)"),
    ),
    "penalty_twice": _changed(("sum(model.losses)", "2 * sum(model.losses)")),
    "first_penalty_only": _changed(("sum(model.losses)", "(model.losses or [0.0])[0]")),
    "loss_after_the_update": _changed(
        ("return float(loss)", "return float(loss_fn(y, model(x, training=True)) + sum(model.losses))")
    ),
    "returns_nothing": _changed(("return float(loss)", "loss")),
    "loss_rounded": _changed(("return float(loss)", "return round(float(loss), 2)")),
    "returns_a_tensor": _changed(("return float(loss)", "return loss")),
    "returns_the_gradients": _changed(("return float(loss)", "return gradients")),
    "only_the_first_variable": _changed(
        (_APPLY, "optimizer.apply_gradients([(gradients[0], model.trainable_variables[0])])")
    ),
    "kernels_only": _changed(
        ("model.trainable_variables", "[w for w in model.trainable_variables if len(w.shape) > 1]")
    ),
    "rate_halved_before_the_update": _changed(
        (_APPLY, f"optimizer.learning_rate = optimizer.learning_rate / 2\n{_APPLY}")
    ),
    "clipped_gradients": _changed(
        (_APPLY, _APPLY.replace("zip(gradients", "zip([tf.clip_by_norm(g, 0.1) for g in gradients]"))
    ),
    "squared_loss": _changed(
        ("    loss += sum(model.losses)\n", "    loss += sum(model.losses)\n    loss = loss * loss\n")
    ),
    "half_the_batch": _changed(("model(x, ", "model(x[: len(x) // 2], "), ("loss_fn(y,", "loss_fn(y[: len(x) // 2],")),
    "always_zero": _e6("return 0.0"),
    "rounded": _changed(("return float(loss)", "return round(float(loss), 1)")),
    "second_pass_for_the_value": _changed(
        ("return float(loss)", "return float(loss_fn(y, model(x, training=True)) + sum(model.losses))"),
        (_APPLY, "value = loss_fn(y, model(x, training=True)) + sum(model.losses)\n" + _APPLY),
    ),
    "second_pass_before_the_update": _changed(
        (_APPLY, "loss = loss_fn(y, model(x, training=True)) + sum(model.losses)\n" + _APPLY)
    ),
    "mean_of_two_passes": _changed(
        ("prediction = model(x, training=True)", "prediction = (model(x, training=True) + model(x, training=True)) / 2")
    ),
    "all_weights": _changed(("model.trainable_variables", "model.weights")),
    "penalties_read_before_the_forward_pass": _changed(
        (
            "    prediction = model(x, training=True)\n    loss = loss_fn(y, prediction)\n"
            "    loss += sum(model.losses)",
            "    loss = sum(model.losses)\n    loss += loss_fn(y, model(x, training=True))",
        ),
    ),
    "penalties_without_a_gradient": _changed(("sum(model.losses)", "float(sum(model.losses))")),
    "needs_a_penalty": _changed(("sum(model.losses)", "tf.add_n(model.losses)")),
    "numpy_float32": _changed(("return float(loss)", "return loss.numpy()")),
    "mean_penalty": _changed(("sum(model.losses)", "sum(model.losses) / max(1, len(model.losses))")),
    "last_penalty_only": _changed(("sum(model.losses)", "sum(model.losses[-1:])")),
}

RIGHT = {
    "gradient_tape": _e6(_BODY),
    "optimizer_apply": _e6(
        """
        weights = model.trainable_weights
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
            for penalty in model.losses:
                loss = loss + penalty
        optimizer.apply(tape.gradient(loss, weights), weights)
        return loss.numpy().item()
        """
    ),
    "keywords": _e6(
        """
        x, y = tf.convert_to_tensor(x), tf.convert_to_tensor(y)
        with tf.GradientTape() as tape:
            data_loss = loss_fn(y_true=y, y_pred=model(x, training=True))
            loss = tf.add_n([data_loss, *model.losses])
        grads = tape.gradient(target=loss, sources=model.trainable_variables)
        optimizer.apply_gradients(grads_and_vars=list(zip(grads, model.trainable_variables)))
        return float(loss.numpy())
        """
    ),
    "keras_ops": _e6(
        """
        with tf.GradientTape() as tape:
            losses = [loss_fn(y, model(x, training=True))] + list(model.losses)
            loss = ops.sum(ops.stack(losses))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return float(ops.convert_to_numpy(loss))
        """,
        "import tensorflow as tf\nfrom keras import ops",
    ),
    "persistent_tape": _e6(
        """
        variables = list(model.trainable_variables)
        with tf.GradientTape(persistent=True, watch_accessed_variables=False) as tape:
            for variable in variables:
                tape.watch(variable.value)
            total = loss_fn(y, model(x, training=True))
            if model.losses:
                total += tf.add_n(model.losses)
        grads = [tape.gradient(total, variable.value) for variable in variables]
        optimizer.apply_gradients(zip(grads, variables))
        return float(total)
        """
    ),
    "compiled": _e6(
        """
        @tf.function
        def step(a, b):
            with tf.GradientTape() as tape:
                loss = loss_fn(b, model(a, training=True)) + sum(model.losses)
            grads = tape.gradient(loss, model.trainable_variables)
            optimizer.apply(grads, model.trainable_variables)
            return loss

        return float(step(tf.constant(x), tf.constant(y)))
        """
    ),
    "graph_inside": _e6(
        """
        @tf.function
        def step():
            with tf.GradientTape() as tape:
                loss = loss_fn(y, model(x, training=True)) + sum(model.losses)
            optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
            return loss

        return float(step())
        """
    ),
    "reduce_sum": _e6(
        """
        with tf.GradientTape() as tape:
            data = loss_fn(y, model(x, training=True))
            loss = data + tf.reduce_sum([tf.constant(0.0), *model.losses])
        pairs = []
        for gradient, variable in zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables):
            pairs.append((gradient, variable))
        optimizer.apply_gradients(pairs)
        return float(loss)
        """
    ),
    "numpy_float": _e6(
        _BODY.replace("return float(loss)", "return np.float64(loss)"), "import numpy as np\nimport tensorflow as tf"
    ),
}

# Wrong in ways of their own, but with the very numbers of a named mistake.
FITS_A_NAME = {
    "penalty_added_after_the_tape": "forgot_regularisation_losses",
    "penalty_only_in_the_gradient": "forgot_regularisation_losses",
    "first_penalty_only": "forgot_regularisation_losses",
    "penalties_without_a_gradient": "forgot_regularisation_losses",
    "always_zero": "no_apply",
}
