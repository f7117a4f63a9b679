"""A model is the learner's object: its own code runs in the sandbox alone, and earns nothing."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

from course.catalog import Catalog
from course.grading.run import grade_folder
from tests.conftest import SLUG

Submission = Callable[..., Path]


def test_a_model_whose_config_runs_code_gets_nothing(catalog: Catalog, submission: Submission) -> None:
    source = """
        import keras, os
        def mark(*arguments, **options):
            os.system("touch /tmp/config-was-run")
            return {}
        class Evil(keras.Model):
            get_config = from_config = __reduce__ = mark
            def call(self, x, training=None):
                return x
        def build_classifier(n_features, n_classes, width, rate, input_rate=0.0):
            keras.config.enable_unsafe_deserialization()
            return Evil()
        """
    result = grade_folder(catalog, SLUG, submission(build_classifier=dedent(source)), "sandbox")
    assert result.cells["build_classifier"].status in {"failed", "partial"}
    assert result.score <= 1
    assert not Path("/tmp/config-was-run").exists()
