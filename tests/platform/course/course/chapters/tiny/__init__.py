"""The tests' own chapter: small, without Keras, and with everything that a chapter can have."""
