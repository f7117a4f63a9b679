"""E3, freeze_bn: wrong solutions by name, further wrong ones, and right ones of different style."""

from textwrap import indent


def _plain(body: str) -> str:
    return f"import keras\n\ndef freeze_bn(model):\n{indent(body, '    ')}\n"


def _e3(freeze: str, otherwise: str = "") -> str:
    """freeze: what is done to each `layer` that is a BatchNormalization, in models inside as well."""
    return _plain(
        "for layer in model.layers:\n    if isinstance(layer, keras.layers.BatchNormalization):\n"
        f"{indent(freeze, '        ')}\n    elif isinstance(layer, keras.Model):\n        freeze_bn(layer)\n"
        f"{otherwise}return model"
    )


WRONG = {
    "froze_all": _plain("model.trainable = False\nreturn model"),
    "momentum_one": _e3("layer.momentum = 1.0"),
    "gamma_only": _e3("layer.gamma.trainable = False\nlayer.beta.trainable = False"),
    "missed_nested": _plain(
        "for layer in model.layers:\n    if isinstance(layer, keras.layers.BatchNormalization):\n"
        "        layer.trainable = False\nreturn model"
    ),
}

VARIANTS = {
    "froze_all": _plain(
        "for layer in model.layers:\n    if isinstance(layer, keras.Model):\n        freeze_bn(layer)\n"
        "    layer.trainable = False\nreturn model"
    ),
    "momentum_one": _e3("layer.momentum = 1.0\nlayer.gamma.trainable = False\nlayer.beta.trainable = False"),
    "gamma_only": _e3("for variable in layer.trainable_variables:\n    variable.trainable = False"),
    "missed_nested": _plain(
        "names = [layer.name for layer in model.layers if 'batch_normalization' in layer.name]\n"
        "for name in names:\n    model.get_layer(name).trainable = False\nreturn model"
    ),
}

UNNAMED = {
    "nothing": _plain("x = model\nreturn x"),
    "returns_nothing": _plain("for layer in model.layers:\n    layer.trainable = True"),
    "another_model": _plain("return keras.models.clone_model(model)"),
    "a_list": _plain("return [layer for layer in model.layers]"),
    "froze_the_others": _plain(
        "for layer in model._flatten_layers(include_self=False):\n"
        "    if not isinstance(layer, (keras.layers.BatchNormalization, keras.Model)):\n"
        "        layer.trainable = False\nreturn model"
    ),
    "nested_alone": _plain(
        "for layer in model.layers:\n    if isinstance(layer, keras.Model):\n"
        "        for inner in layer.layers:\n            if isinstance(inner, keras.layers.BatchNormalization):\n"
        "                inner.trainable = False\nreturn model"
    ),
    "compiled_alone": _plain("model.compile('sgd', 'mse')\nreturn model"),
    "momentum_zero": _e3("layer.momentum = 0.0"),
    "misspelt": _e3("layer.trainible = False"),
    "models_inside_frozen_whole": _plain(
        "for layer in model.layers:\n    if isinstance(layer, (keras.layers.BatchNormalization, keras.Model)):\n"
        "        layer.trainable = False\nreturn model"
    ),
}

FITS_A_NAME = {
    "models_inside_frozen_whole": "froze_all",
}

RIGHT = {
    "recursive": _e3("layer.trainable = False"),
    "set_anew": _plain(
        "for layer in model.layers:\n    if hasattr(layer, 'layers'):\n        freeze_bn(layer)\n"
        "for layer in model.layers:\n    layer.trainable = layer.trainable and 'BatchNorm' not in str(type(layer))\n"
        "return model"
    ),
    "flattened": _plain(
        "for layer in model._flatten_layers():\n    if isinstance(layer, keras.layers.BatchNormalization):\n"
        "        layer.trainable = False\nreturn model"
    ),
    "stack": _plain(
        "waiting = [model]\nwhile waiting:\n    layer = waiting.pop()\n    waiting += getattr(layer, 'layers', [])\n"
        "    if type(layer).__name__ == 'BatchNormalization':\n        layer.trainable = False\nreturn model"
    ),
    "by_attribute": _plain(
        "def freeze(layer):\n    if hasattr(layer, 'moving_mean'):\n        layer.trainable = False\n"
        "    for inner in getattr(layer, 'layers', []):\n        freeze(inner)\n\nfreeze(model)\nreturn model"
    ),
    "by_config": _plain(
        "for layer in model.layers:\n    if hasattr(layer, 'layers'):\n        freeze_bn(layer)\n"
        "    elif 'momentum' in layer.get_config():\n        layer.trainable = False\nreturn model"
    ),
    "compiles_as_well": _e3("layer.trainable = False", "model.compile('adam', 'mse')\n"),
    "generator": _plain(
        "def norms(model):\n    for layer in model.layers:\n        if isinstance(layer, keras.Model):\n"
        "            yield from norms(layer)\n        elif isinstance(layer, keras.layers.BatchNormalization):\n"
        "            yield layer\n\nfor layer in list(norms(model)):\n    layer.trainable = 0\nreturn model"
    ),
}
