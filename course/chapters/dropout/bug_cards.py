"""Small pieces of code with one mistake each, and what there is to say about every guess.

Data only: nothing here is run. Tests run the snippets' claims by themselves.
"""

from __future__ import annotations

from course.language import _
from course.lessons.cards import Card, Guess


def bug_cards() -> tuple[Card, ...]:
    """The deck, in the language in use. Long because it is a table."""
    return (
        Card(
            _("A training loop"),
            "with tf.GradientTape() as tape:\n    loss = loss_fn(y, model(x))\n"
            "grads = tape.gradient(loss, model.trainable_variables)",
            Guess(
                _("The model is called without training=True."),
                _("Yes. The tape records, it does not train. Dropout is silently off: write model(x, training=True)."),
            ),
            (
                Guess(
                    _("The loss must be computed outside of the tape."),
                    _("Then there would be nothing to differentiate. Look at how the model is called."),
                ),
                Guess(
                    _("Dropout needs a seed inside the tape."),
                    _("No seed is needed. Ask first whether anything is dropped at all."),
                ),
            ),
            1,
        ),
        Card(
            _("The last layers"),
            'layers.Dense(10, activation="softmax"),\nlayers.Dropout(0.5),',
            Guess(
                _("Dropout acts on the class probabilities."),
                _("Yes. In training some classes get 0 and others twice their share; rows no longer add up to 1."),
            ),
            (
                Guess(
                    _("The rate is too high for ten classes."),
                    _("A lower rate would spoil fewer probabilities, but spoil them still. It is the place."),
                ),
                Guess(
                    _("Softmax must be a layer of its own."),
                    _("It may be, but need not. Look at what Dropout receives."),
                ),
            ),
            0,
        ),
        Card(
            _("From scratch, part one"),
            "keep = 1 - rate\nmask = rng.random(x.shape) < rate\nout = x * mask / keep",
            Guess(
                _("The mask keeps with probability rate."),
                _("Yes. It should be >= rate. At rate 0.5 nobody would notice; at 0.2 the mean falls to a quarter."),
            ),
            (
                Guess(
                    _("It should multiply by keep."),
                    _("Survivors are divided by keep, so that the mean stays. That line is right."),
                ),
                Guess(
                    _("rng.random should be drawn once, outside of the function."),
                    _("Then each pass would have the same mask. A fresh draw is right."),
                ),
            ),
            2,
        ),
        Card(
            _("From scratch, part two"),
            "mask = (rng.random(x.shape[1]) >= rate) / (1 - rate)\nout = x * mask        # x: (samples, units)",
            Guess(
                _("All samples of the batch share one mask."),
                _("Yes. The shape is (units,), so it is spread over all samples. Draw with x.shape."),
            ),
            (
                Guess(
                    _("The comparison must be < rate."),
                    _("random >= rate happens with probability 1 − rate: keep. That part is right."),
                ),
                Guess(
                    _("The shapes do not fit, and it raises an error."),
                    _("NumPy stretches (units,) over (samples, units) without a word. That is what hides the mistake."),
                ),
            ),
            1,
        ),
        Card(
            _("Prediction from scratch"),
            "# trained with: out = x * mask / (1 - rate)\ndef predict(x):\n"
            "    return relu(x @ W1 + b1) * (1 - rate) @ W2 + b2",
            Guess(
                _("It compensates a second time."),
                _("Yes. Training has divided by 1 − rate already (inverted dropout). At inference do nothing."),
            ),
            (
                Guess(
                    _("It should multiply by rate."),
                    _("No convention multiplies by the rate. Ask what training has done already."),
                ),
                Guess(
                    _("The mask is missing."),
                    _("At inference everyone takes part; there is no mask. Look at the factor."),
                ),
            ),
            0,
        ),
        Card(
            _("A hundred opinions"),
            "opinions = [model.predict(x) for _ in range(100)]\nspread = np.std(opinions, axis=0)",
            Guess(
                _("predict does not drop, so the spread is 0."),
                _("Yes. For Monte Carlo dropout call model(x, training=True) a hundred times."),
            ),
            (
                Guess(
                    _("A hundred is far too few."),
                    _("The mean settles within some dozens. But are these opinions different at all?"),
                ),
                Guess(
                    _("It should be the median."),
                    _("That is a matter of taste. Look at what is being repeated."),
                ),
            ),
            2,
        ),
        Card(
            _("Code from an old book"),
            "keep_prob = 0.8                 # TensorFlow 1\nlayers.Dropout(keep_prob)       # Keras",
            Guess(
                _("Keras asks for the probability of dropping."),
                _("Yes. This drops four in five instead of one in five: write Dropout(0.2)."),
            ),
            (
                Guess(
                    _("keep_prob must be a tensor."),
                    _("A number is what the layer wants. But which number?"),
                ),
                Guess(
                    _("0.8 should be rounded to a power of two."),
                    _("Any number from 0 to 1 is allowed. But what does it mean here?"),
                ),
            ),
            1,
        ),
        Card(
            _("Served to customers"),
            "def answer(request):\n    return model(request.x, training=True).numpy()",
            Guess(
                _("The served model drops neurons."),
                _("Yes. Equal questions get unequal answers. Leave the argument out, or use predict."),
            ),
            (
                Guess(
                    _("A seed is missing."),
                    _("A seed would only make the wavering repeatable. Why does it waver?"),
                ),
                Guess(
                    _("numpy() turns dropout on."),
                    _("numpy() only copies the result. Look at the call itself."),
                ),
            ),
            2,
        ),
    )
