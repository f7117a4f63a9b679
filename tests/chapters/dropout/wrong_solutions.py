"""Wrong solutions by name, and right ones in different styles. Each is the source of a learner's whole cell."""

from textwrap import dedent


def _e1(training: str, *, inference: str = "return x.copy(), np.ones(x.shape)", before: str = "") -> str:
    """An inverted_dropout that is right but for the lines given."""
    lines = [
        "import numpy as np",
        "",
        "def inverted_dropout(x, rate, rng, training):",
        "    if not 0 <= rate < 1:",
        "        raise ValueError('rate must be in [0, 1)')",
        *(f"    {line}" for line in dedent(before).splitlines()),
        "    if not training:",
        f"        {inference}",
        *(f"    {line}" for line in dedent(training).strip().splitlines()),
    ]
    return "\n".join(lines) + "\n"


_E1_RIGHT = "mask = (rng.random(x.shape) >= rate) / (1 - rate)\nreturn x * mask, mask"

INVERTED_DROPOUT = {
    "no_rescale": _e1("mask = (rng.random(x.shape) >= rate).astype(float)\nreturn x * mask, mask"),
    "divided_by_rate": _e1("mask = (rng.random(x.shape) >= rate) / rate\nreturn x * mask, mask"),
    "rate_keep_swapped": _e1("mask = (rng.random(x.shape) < rate) / rate\nreturn x * mask, mask"),
    "scaled_at_inference": _e1(_E1_RIGHT, inference="return x * (1 - rate), np.ones(x.shape)"),
    "dropped_at_inference": _e1(
        _E1_RIGHT, inference="mask = (rng.random(x.shape) >= rate) / (1 - rate); return x * mask, mask"
    ),
    "shared_batch_mask": _e1(
        "mask = np.broadcast_to((rng.random(x.shape[1]) >= rate) / (1 - rate), x.shape).copy()\nreturn x * mask, mask"
    ),
    "whole_row_drop": _e1(
        "mask = np.ones(x.shape) * (rng.random((x.shape[0], 1)) >= rate) / (1 - rate)\nreturn x * mask, mask"
    ),
    "exact_count": _e1(
        """
        mask = np.ones(x.size)
        mask[rng.permutation(x.size)[: round(rate * x.size)]] = 0
        mask = mask.reshape(x.shape) / (1 - rate)
        return x * mask, mask
        """
    ),
    "reseeds_each_call": _e1(_E1_RIGHT, before="rng = np.random.default_rng(0)"),
    "mutates_input": _e1("mask = (rng.random(x.shape) >= rate) / (1 - rate)\nx *= mask\nreturn x, mask").replace(
        "x *= mask", "x[...] = x * mask"
    ),
}

# Further ways to a named mistake, written differently.
INVERTED_DROPOUT_VARIANTS = {
    "exact_count": _e1(
        """
        mask = np.ones(x.shape)
        for row in mask:
            row[rng.choice(row.size, int(rate * row.size), replace=False)] = 0
        mask /= 1 - rate
        return x * mask, mask
        """
    ),
    "scaled_at_inference": _e1(_E1_RIGHT, inference="return x * rate, np.ones(x.shape)"),
    "rate_keep_swapped": _e1("mask = (rng.random(x.shape) >= 1 - rate) / (1 - rate)\nreturn x * mask, mask"),
}

INVERTED_DROPOUT_RIGHT = {
    "vectorised": _e1(_E1_RIGHT),
    "where": _e1(
        "mask = np.where(rng.random(x.shape) < rate, 0.0, 1.0 / (1.0 - rate))\nreturn np.multiply(x, mask), mask"
    ),
    "binomial": _e1("mask = rng.binomial(1, 1 - rate, x.shape) / (1 - rate)\nreturn x * mask, mask"),
    "loops": _e1(
        """
        mask = np.zeros(x.shape)
        for i in range(x.shape[0]):
            for j in range(x.shape[1]):
                if rng.uniform() >= rate:
                    mask[i, j] = 1 / (1 - rate)
        return mask * x, mask
        """
    ),
    "float32": _e1(
        "mask = ((rng.random(x.shape) >= rate) / (1 - rate)).astype(np.float32)\nreturn x * mask, mask",
        inference="return x, np.ones(x.shape, np.float32)",
    ),
    "copy_in_place": _e1(
        """
        out = x.astype(float).copy()
        mask = (rng.random(x.shape) >= rate).astype(float)
        mask /= 1.0 - rate
        out *= mask
        return out, mask
        """,
        inference="return x, np.ones_like(x)",
    ),
    "choice": _e1(
        "mask = rng.choice([0.0, 1 / (1 - rate)], size=x.shape, p=[rate, 1 - rate])\nreturn [x * mask, mask]"
    ),
}

_E4_HEAD = "import keras\nfrom keras import layers\n\n"


def _e4(body: str) -> str:
    """A Sequential build_classifier whose layers after the input are the lines given."""
    lines = ["def build_classifier(n_features, n_classes, width, rate, input_rate=0.0):"]
    lines += [f"    {line}" for line in dedent(body).strip().splitlines()]
    return _E4_HEAD + "\n".join(lines) + "\n"


def _e4_sequential(*stack: str) -> str:
    return _e4(
        "model = keras.Sequential([keras.Input((n_features,))])\n"
        "if input_rate > 0:\n    model.add(layers.Dropout(input_rate))\n"
        + "".join(f"model.add(layers.{layer})\n" for layer in stack)
        + "return model"
    )


_HIDDEN, _DROP, _OUT = 'Dense(width, activation="relu")', "Dropout(rate)", 'Dense(n_classes, activation="softmax")'

BUILD_CLASSIFIER = {
    "dropout_on_output": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, _OUT, _DROP),
    "dropout_before_dense": _e4_sequential(_DROP, _HIDDEN, _DROP, _HIDDEN, _OUT),
    "keep_passed_as_rate": _e4_sequential(_HIDDEN, "Dropout(1 - rate)", _HIDDEN, "Dropout(1 - rate)", _OUT),
    "always_on": _e4(
        """
        inputs = keras.Input((n_features,))
        h = layers.Dropout(input_rate)(inputs, training=True) if input_rate > 0 else inputs
        h = layers.Dropout(rate)(layers.Dense(width, activation="relu")(h), training=True)
        h = layers.Dropout(rate)(layers.Dense(width, activation="relu")(h), training=True)
        return keras.Model(inputs, layers.Dense(n_classes, activation="softmax")(h))
        """
    ),
    "missing_second": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _OUT),
    "hardcoded_rate": _e4_sequential(_HIDDEN, "Dropout(0.5)", _HIDDEN, "Dropout(0.5)", _OUT),
}

BUILD_CLASSIFIER_VARIANTS = {
    "dropout_on_output": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, "Dense(n_classes)", _DROP, "Softmax()"),
    "dropout_before_dense": _e4_sequential(_DROP, _HIDDEN, _DROP, _HIDDEN, _DROP, _OUT),
    "hardcoded_rate": _e4_sequential(_HIDDEN, "Dropout(0.3)", _HIDDEN, "Dropout(0.3)", _OUT),
}

BUILD_CLASSIFIER_RIGHT = {
    "sequential": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, _OUT),
    "functional": _e4(
        """
        inputs = keras.Input(shape=(n_features,))
        h = layers.Dropout(input_rate)(inputs) if input_rate else inputs
        for _ in range(2):
            h = layers.Dense(width, activation="relu")(h)
            h = layers.Dropout(rate)(h)
        return keras.Model(inputs, layers.Dense(n_classes, activation="softmax")(h))
        """
    ),
    "separate_activations": _e4_sequential(
        "Dense(width)", "ReLU()", _DROP, "Dense(width)", 'Activation("relu")', _DROP, "Dense(n_classes)", "Softmax()"
    ),
    "list": _e4(
        """
        hidden = []
        for _ in range(2):
            hidden += [layers.Dense(width, "relu"), layers.Dropout(rate)]
        first = [layers.Dropout(input_rate)] if input_rate > 0 else []
        return keras.Sequential([keras.Input((n_features,)), *first, *hidden, layers.Dense(n_classes, "softmax")])
        """
    ),
    "unbuilt_sequential": _e4(
        """
        return keras.Sequential(
            ([layers.Dropout(input_rate)] if input_rate > 0 else [])
            + [layers.Dense(width, activation="relu"), layers.Dropout(rate)]
            + [layers.Dense(width, activation="relu"), layers.Dropout(rate)]
            + [layers.Dense(n_classes, activation="softmax")]
        )
        """
    ),
    "subclass": _E4_HEAD
    + dedent(
        """
        class Classifier(keras.Model):
            def __init__(self, n_classes, width, rate, input_rate):
                super().__init__()
                self.head = layers.Dense(n_classes, activation="softmax")
                self.first = layers.Dense(width, activation="relu")
                self.second = layers.Dense(width, activation="relu")
                self.drops = [layers.Dropout(rate), layers.Dropout(rate)]
                self.input_drop = layers.Dropout(input_rate) if input_rate > 0 else None

            def call(self, x, training=None):
                if self.input_drop is not None:
                    x = self.input_drop(x, training=training)
                x = self.drops[0](self.first(x), training=training)
                x = self.drops[1](self.second(x), training=training)
                return self.head(x)

        def build_classifier(n_features, n_classes, width, rate, input_rate=0.0):
            model = Classifier(n_classes, width, rate, input_rate)
            model.build((None, n_features))
            return model
        """
    ).lstrip(),
}

WRONG = {"inverted_dropout": INVERTED_DROPOUT, "build_classifier": BUILD_CLASSIFIER}
VARIANTS = {"inverted_dropout": INVERTED_DROPOUT_VARIANTS, "build_classifier": BUILD_CLASSIFIER_VARIANTS}
RIGHT = {"inverted_dropout": INVERTED_DROPOUT_RIGHT, "build_classifier": BUILD_CLASSIFIER_RIGHT}
