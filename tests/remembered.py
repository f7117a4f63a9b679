"""Networks that the tests of one process have trained: the same data, recipe and seed give the same network again.

A search for good rates is run by many solutions and mutants on the same few problems; only the first pays for it.
"""

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps

from course.lessons.arrays import Ints
from course.lessons.networks import Array, Layers, Recipe

AT_MOST = 400


def remembered(train: Callable[..., Layers]) -> Callable[..., Layers]:
    """train, called as before. What it returns is the caller's own: a copy."""
    known: OrderedDict[tuple[object, ...], Layers] = OrderedDict()

    @wraps(train)
    def trained(x: Array, y: Ints, recipe: Recipe, seed: int = 0) -> Layers:
        if not isinstance(recipe.rate, float | int) or not isinstance(recipe.input_rate, float | int):
            return train(x, y, recipe, seed)  # it says what is wrong with them
        key = (x.tobytes(), x.shape, str(x.dtype), y.tobytes(), str(y.dtype), recipe, seed)
        if key not in known:
            known[key] = train(x, y, recipe, seed)
            if len(known) > AT_MOST:
                known.popitem(last=False)
        return [(weights.copy(), biases.copy()) for weights, biases in known[key]]

    return trained
