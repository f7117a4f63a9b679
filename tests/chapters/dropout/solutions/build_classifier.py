"""E4, build_classifier: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import dedent

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

WRONG = {
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

VARIANTS = {
    "dropout_on_output": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, "Dense(n_classes)", _DROP, "Softmax()"),
    "dropout_before_dense": _e4_sequential(_DROP, _HIDDEN, _DROP, _HIDDEN, _DROP, _OUT),
    "hardcoded_rate": _e4_sequential(_HIDDEN, "Dropout(0.3)", _HIDDEN, "Dropout(0.3)", _OUT),
    "keep_passed_as_rate": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, "Dropout(1 - rate)", _OUT),
}

RIGHT = {
    "one_layer_twice": _e4(
        """
        drop = layers.Dropout(rate)
        x = inputs = keras.Input((n_features,))
        if input_rate:
            x = layers.Dropout(input_rate)(x)
        x = drop(layers.Dense(width, activation="relu")(x))
        x = drop(layers.Dense(width, activation="relu")(x))
        return keras.Model(inputs, layers.Dense(n_classes, activation="softmax")(x))
        """
    ),
    "two_seeds": _e4_sequential(_HIDDEN, "Dropout(rate, seed=1)", _HIDDEN, "Dropout(rate, seed=2)", _OUT),
    "dropout_before_relu": _e4_sequential("Dense(width)", _DROP, "ReLU()", "Dense(width)", _DROP, "ReLU()", _OUT),
    "subclass_made_backwards": _E4_HEAD
    + dedent(
        """
        class Backwards(keras.Model):
            def __init__(self, n_classes, width, rate, input_rate):
                super().__init__()
                self.out = layers.Dense(n_classes, activation="softmax")
                self.second = layers.Dense(width, activation="relu")
                self.first = layers.Dense(width, activation="relu")
                self.drops = [layers.Dropout(rate), layers.Dropout(rate)]
                self.start = layers.Dropout(input_rate) if input_rate > 0 else None

            def build(self, shape):
                self.out.build((None, self.second.units))
                self.second.build((None, self.first.units))
                self.first.build(shape)
                self.built = True

            def call(self, x, training=None):
                if self.start is not None:
                    x = self.start(x, training=training)
                x = self.drops[0](self.first(x), training=training)
                return self.out(self.drops[1](self.second(x), training=training))

        def build_classifier(n_features, n_classes, width, rate, input_rate=0.0):
            return Backwards(n_classes, width, rate, input_rate)
        """
    ).lstrip(),
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
    "ops_and_own_dropout": _E4_HEAD
    + dedent(
        """
        class Drop(layers.Layer):
            def __init__(self, rate):
                super().__init__()
                self.rate, self.seeds = rate, keras.random.SeedGenerator()

            def call(self, x, training=False):
                return keras.random.dropout(x, self.rate, seed=self.seeds) if training and self.rate else x

        def build_classifier(n_features, n_classes, width, rate, input_rate=0.0):
            h = inputs = keras.Input((n_features,))
            h = Drop(input_rate)(h)
            for _ in range(2):
                h = Drop(rate)(keras.ops.relu(layers.Dense(width)(h)))
            return keras.Model(inputs, keras.ops.softmax(layers.Dense(n_classes)(h)))
        """
    ).lstrip(),
    "lambda_layers": _e4_sequential(
        "Dense(width)", "Lambda(keras.ops.relu)", _DROP, "Dense(width)", "Lambda(lambda h: h * (h > 0))", _DROP, _OUT
    ).replace("h * (h > 0)", "keras.ops.maximum(h, 0)"),
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

# Wrong in ways that nobody gave a name, written from the prompt alone.
UNNAMED = {
    "tanh": _e4_sequential('Dense(width, activation="tanh")', _DROP, 'Dense(width, activation="tanh")', _DROP, _OUT),
    "no_dropout_at_all": _e4_sequential(_HIDDEN, _HIDDEN, _OUT),
    "logits": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, "Dense(n_classes)"),
    "sigmoid": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, 'Dense(n_classes, activation="sigmoid")'),
    "one_hidden_layer": _e4_sequential(_HIDDEN, _DROP, _OUT),
    "three_hidden_layers": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, _HIDDEN, _DROP, _OUT),
    "compiled": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, _OUT).replace(
        "return model", "model.compile(loss='mse')\nreturn model".replace("\n", "\n    ")
    ),
    "input_rate_forgotten": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, _OUT).replace(
        "if input_rate > 0:", "if False:"
    ),
    "inputs_dropped_with_rate": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, _OUT).replace(
        "layers.Dropout(input_rate)", "layers.Dropout(rate)"
    ),
    "batch_normalisation_added": _e4_sequential(_HIDDEN, "BatchNormalization()", _DROP, _HIDDEN, _DROP, _OUT),
    "shared_noise": _e4_sequential(
        _HIDDEN, "Dropout(rate, noise_shape=(1, width))", _HIDDEN, "Dropout(rate, noise_shape=(1, width))", _OUT
    ),
    "gaussian_dropout": _e4_sequential(_HIDDEN, "GaussianDropout(rate)", _HIDDEN, "GaussianDropout(rate)", _OUT),
    "whole_rows": _e4_sequential(
        _HIDDEN, "Dropout(rate, noise_shape=(None, 1))", _HIDDEN, "Dropout(rate, noise_shape=(None, 1))", _OUT
    ),
    "whole_rows_of_the_first_layer": _e4_sequential(
        _HIDDEN, "Dropout(rate, noise_shape=(None, 1))", _HIDDEN, _DROP, _OUT
    ),
    "whole_rows_of_the_inputs": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, _OUT).replace(
        "Dropout(input_rate)", "Dropout(input_rate, noise_shape=(None, 1))"
    ),
    "alpha_dropout": _e4_sequential(_HIDDEN, "AlphaDropout(rate)", _HIDDEN, "AlphaDropout(rate)", _OUT),
    "dropped_twice": _e4_sequential(_HIDDEN, _DROP, _DROP, _HIDDEN, _DROP, _OUT),
    "relu6": _e4_sequential('Dense(width, "relu6")', _DROP, 'Dense(width, "relu6")', _DROP, _OUT),
    "leaky_relu": _e4_sequential('Dense(width, "leaky_relu")', _DROP, 'Dense(width, "leaky_relu")', _DROP, _OUT),
    "gelu": _e4_sequential('Dense(width, "gelu")', _DROP, 'Dense(width, "gelu")', _DROP, _OUT),
    "one_seed_for_both": _e4_sequential(_HIDDEN, "Dropout(rate, seed=1)", _HIDDEN, "Dropout(rate, seed=1)", _OUT),
    "one_sigmoid_for_two_classes": _e4_sequential(_HIDDEN, _DROP, _HIDDEN, _DROP, _OUT).replace(
        f"layers.{_OUT}", f'layers.Dense(1, activation="sigmoid") if n_classes == 2 else layers.{_OUT}'
    ),
    "hidden_layers_take_input_rate": _e4_sequential(
        _HIDDEN, "Dropout(input_rate)", _HIDDEN, "Dropout(input_rate)", _OUT
    ),
    "shared_noise_of_the_second_layer": _e4_sequential(
        _HIDDEN, _DROP, _HIDDEN, "Dropout(rate, noise_shape=(1, width))", _OUT
    ),
    "two_outputs": _e4(
        """
        inputs = keras.Input((n_features,))
        h = layers.Dropout(rate)(layers.Dense(width, activation="relu")(inputs))
        h = layers.Dropout(rate)(layers.Dense(width, activation="relu")(h))
        out = layers.Dense(n_classes, activation="softmax")(h)
        return keras.Model(inputs, [out, out])
        """
    ),
}
