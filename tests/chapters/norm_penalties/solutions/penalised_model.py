"""E4, penalised_model: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _plain(body: str) -> str:
    return f"import keras\n\ndef penalised_model(n, l2):\n{indent(body, '    ')}\n"


def _e4(
    hidden: str = ", kernel_regularizer=keras.regularizers.L2(l2)",
    output: str = ", kernel_regularizer=keras.regularizers.L2(l2)",
    loss: str = "'mse'",
    activation: str = "'relu'",
) -> str:
    return _plain(
        "model = keras.Sequential()\nmodel.add(keras.Input((n,)))\n"
        f"model.add(keras.layers.Dense(8, activation={activation}{hidden}))\n"
        f"model.add(keras.layers.Dense(1{output}))\nmodel.compile(optimizer='adam', loss={loss})\nreturn model"
    )


def _both(options: str) -> str:
    return _e4(options, options)


WRONG = {
    "output_forgotten": _e4(output=""),
    "hidden_forgotten": _e4(hidden=""),
    "bias_pays_too": _both(
        ", kernel_regularizer=keras.regularizers.L2(l2), bias_regularizer=keras.regularizers.L2(l2)"
    ),
    "activity_for_kernel": _both(", activity_regularizer=keras.regularizers.L2(l2)"),
    "no_penalty": _both(", kernel_regularizer=keras.regularizers.L1L2()"),
    "default_strength": _both(", kernel_regularizer='l2'"),
    "l1_for_l2": _both(", kernel_regularizer=keras.regularizers.L1(l2)"),
}

VARIANTS = {
    "output_forgotten": _plain(
        "inputs = keras.Input((n,))\nprice = keras.regularizers.L2(l2)\n"
        "hidden = keras.layers.Dense(8, 'relu', kernel_regularizer=price)(inputs)\n"
        "model = keras.Model(inputs, keras.layers.Dense(1)(hidden))\n"
        "model.compile('sgd', 'mean_squared_error')\nreturn model"
    ),
    "hidden_forgotten": _plain(
        "price = keras.regularizers.L2(l2)\n"
        "model = keras.Sequential([keras.Input((n,)), keras.layers.Dense(8, 'relu'), "
        "keras.layers.Dense(1, kernel_regularizer=price)])\nmodel.compile(loss='mse')\nreturn model"
    ),
    "bias_pays_too": _plain(
        "both = dict(kernel_regularizer=keras.regularizers.L2(l2), bias_regularizer=keras.regularizers.L2(l2))\n"
        "model = keras.Sequential([keras.Input((n,)), keras.layers.Dense(8, 'relu', **both), "
        "keras.layers.Dense(1, **both)])\nmodel.compile(loss='mse')\nreturn model"
    ),
    "activity_for_kernel": _plain(
        "price = keras.regularizers.L2(l2)\n"
        "model = keras.Sequential([keras.Input((n,)), keras.layers.Dense(8, 'relu', activity_regularizer=price), "
        "keras.layers.Dense(1, activity_regularizer=price)])\nmodel.compile(loss='mse')\nreturn model"
    ),
    "no_penalty": _plain(
        "model = keras.Sequential([keras.Input((n,)), keras.layers.Dense(8, 'relu'), keras.layers.Dense(1)])\n"
        "for layer in model.layers:\n    layer.kernel_regularizer = keras.regularizers.L2(l2)\n"
        "model.compile(loss='mse')\nreturn model"
    ),
    "default_strength": _both(", kernel_regularizer=keras.regularizers.L2()"),
    "l1_for_l2": _both(", kernel_regularizer=keras.regularizers.L1L2(l1=l2)"),
}

UNNAMED = {
    "twice_the_strength": _both(", kernel_regularizer=keras.regularizers.L2(2 * l2)"),
    "half_the_strength": _both(", kernel_regularizer=keras.regularizers.L2(l2 / 2)"),
    "absolute_error": _e4(loss="'mae'"),
    "bernoulli_loss": _e4(loss="'binary_crossentropy'"),
    "absolute_error_and_no_output": _e4(output="", loss="'mae'"),
    "no_activation": _e4(activation="None"),
    "sigmoid": _e4(activation="'sigmoid'"),
    "relu_on_the_output": _e4(output=", activation='relu', kernel_regularizer=keras.regularizers.L2(l2)"),
    "not_compiled": _plain(
        "price = keras.regularizers.L2(l2)\n"
        "return keras.Sequential([keras.Input((n,)), keras.layers.Dense(8, 'relu', kernel_regularizer=price), "
        "keras.layers.Dense(1, kernel_regularizer=price)])"
    ),
    "one_layer": _plain(
        "model = keras.Sequential([keras.Input((n,)), "
        "keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L2(l2))])\nmodel.compile(loss='mse')\nreturn model"
    ),
    "bias_instead": _both(", bias_regularizer=keras.regularizers.L2(l2)"),
    "a_string": _plain("return 'model'"),
}

FITS_A_NAME = {  # what is wrong besides is told without a name
    "absolute_error_and_no_output": "output_forgotten",
}

RIGHT = {
    "add": _e4(),
    "list": _plain(
        "def price():\n    return keras.regularizers.L2(l2)\n\n"
        "model = keras.Sequential([keras.Input((n,)), keras.layers.Dense(8, 'relu', kernel_regularizer=price()), "
        "keras.layers.Dense(1, kernel_regularizer=price())])\nmodel.compile(loss='mse')\nreturn model"
    ),
    "functional": _plain(
        "inputs = keras.Input((n,))\nprice = keras.regularizers.l2(l2)\n"
        "hidden = keras.layers.Dense(8, activation='relu', kernel_regularizer=price)(inputs)\n"
        "model = keras.Model(inputs, keras.layers.Dense(1, kernel_regularizer=price)(hidden))\n"
        "model.compile(keras.optimizers.SGD(0.01), 'mean_squared_error', metrics=['mse', 'mae'])\nreturn model"
    ),
    "l1_and_l2": _both(", kernel_regularizer=keras.regularizers.L1L2(l1=0.0, l2=l2)"),
    "own_function": _both(", kernel_regularizer=lambda w: l2 * keras.ops.sum(w**2)"),
    "separate_activation": _plain(
        "layers, price = keras.layers, keras.regularizers.L2(l2)\n"
        "model = keras.Sequential([keras.Input((n,)), layers.Dense(8, kernel_regularizer=price), layers.ReLU(), "
        "layers.Dense(1, kernel_regularizer=price)])\n"
        "model.compile(optimizer='rmsprop', loss=keras.losses.MeanSquaredError())\nreturn model"
    ),
    "dictionary": _plain(
        "model = keras.Sequential([keras.Input((n,))])\n"
        "price = {'class_name': 'L2', 'config': {'l2': l2}}\n"
        "for units, activation in ((8, 'relu'), (1, None)):\n"
        "    model.add(keras.layers.Dense(units, activation, kernel_regularizer=price))\n"
        "model.compile(loss='mse')\nreturn model"
    ),
}
