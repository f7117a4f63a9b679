"""E5, the capstone: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _plain(body: str) -> str:
    return f"import keras\n\ndef deep_model():\n{indent(body, '    ')}\n"


def _e5(
    norm: str = "model.add(layers.BatchNormalization(momentum=0.9))",
    optimizer: str = "keras.optimizers.SGD(0.1)",
    *,
    activation: str = "sigmoid",
    depth: int = 8,
    width: int = 64,
) -> str:
    return _plain(
        f"layers = keras.layers\nmodel = keras.Sequential([keras.Input((64,))])\nfor _layer in range({depth}):\n"
        f"    model.add(layers.Dense({width}, use_bias=False))\n    {norm}\n"
        f"    model.add(layers.Activation('{activation}'))\n"
        "model.add(layers.Dense(10, activation='softmax'))\n"
        f"model.compile({optimizer}, 'sparse_categorical_crossentropy', metrics=['accuracy'])\nreturn model"
    )


_PLAIN_LAYERS = (
    "model = keras.Sequential([keras.Input((64,))])\nfor _layer in range(8):\n"
    "    model.add(keras.layers.Dense(64, activation='sigmoid'))\n"
    "model.add(keras.layers.Dense(10, activation='softmax'))\n"
)

WRONG = {
    "no_batchnorm": _e5("pass"),
    "stale_averages": _e5("model.add(layers.BatchNormalization())"),
    "rate_too_small": _e5(optimizer="'sgd'"),
}

VARIANTS = {
    "no_batchnorm": _plain(_PLAIN_LAYERS + "model.compile('adam', 'sparse_categorical_crossentropy')\nreturn model"),
    "stale_averages": _e5("model.add(layers.BatchNormalization())", "keras.optimizers.Adam(0.01)"),
    "rate_too_small": _e5(optimizer="keras.optimizers.SGD(0.003)"),
}

UNNAMED = {
    "layer_normalization": _e5("model.add(layers.LayerNormalization())"),
    "two_layers": _e5(depth=2),
    "relu": _e5(activation="relu", optimizer="keras.optimizers.SGD(0.3)"),
    "narrow": _e5(width=32),
    "not_compiled": _plain(_PLAIN_LAYERS + "return model"),
    "a_layer": _plain("return keras.layers.Dense(10)"),
    "frozen_norms": _e5("model.add(layers.BatchNormalization(momentum=0.9, trainable=False))"),
    "wrong_loss": _e5().replace("sparse_categorical_crossentropy", "mse"),
    "one_hot_loss": _e5().replace("sparse_categorical", "categorical"),
    "class_short": _e5().replace("Dense(10", "Dense(9"),
    "rate_far_too_large": _e5(optimizer="keras.optimizers.SGD(100.0)"),
    "dropout_instead": _e5("model.add(layers.Dropout(0.5))"),
}

FITS_A_NAME = {"layer_normalization": "no_batchnorm", "dropout_instead": "no_batchnorm"}

RIGHT = {
    "add": _e5(),
    "higher_rate": _e5(optimizer="keras.optimizers.SGD(learning_rate=0.3)"),
    "adam": _e5(optimizer="keras.optimizers.Adam(0.003)"),
    "optimizer_with_momentum": _e5(
        "model.add(layers.BatchNormalization(momentum=0.8))", "keras.optimizers.SGD(0.05, momentum=0.9)"
    ),
    "after_the_activation": _plain(
        "model = keras.Sequential([keras.Input((64,))])\nfor _layer in range(8):\n"
        "    model.add(keras.layers.Dense(64, activation='sigmoid'))\n"
        "    model.add(keras.layers.BatchNormalization(momentum=0.9))\n"
        "model.add(keras.layers.Dense(10, activation='softmax'))\n"
        "model.compile(keras.optimizers.SGD(0.2), 'sparse_categorical_crossentropy')\nreturn model"
    ),
    "functional": _plain(
        "inputs = keras.Input((64,))\nh = inputs\nfor _layer in range(8):\n"
        "    h = keras.layers.Dense(64)(h)\n    h = keras.layers.BatchNormalization(momentum=0.9)(h)\n"
        "    h = keras.activations.sigmoid(h)\n"
        "model = keras.Model(inputs, keras.layers.Dense(10, activation='softmax')(h))\n"
        "loss = keras.losses.SparseCategoricalCrossentropy()\n"
        "model.compile(optimizer=keras.optimizers.SGD(0.2), loss=loss)\nreturn model"
    ),
    "logits": _plain(
        "layers = keras.layers\nparts = [keras.Input((64,))]\nfor _layer in range(8):\n"
        "    parts += [layers.Dense(64, use_bias=False), layers.BatchNormalization(momentum=0.85), "
        "layers.Activation(keras.activations.sigmoid)]\n"
        "model = keras.Sequential([*parts, layers.Dense(10), layers.Softmax()])\n"
        "model.compile(keras.optimizers.SGD(0.2), 'sparse_categorical_crossentropy')\nreturn model"
    ),
}
