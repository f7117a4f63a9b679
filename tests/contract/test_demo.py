"""The simulated class of each chapter has something to say in the form, and one who copied what works."""

import json
from pathlib import Path

from course.authoring.demo import Sample, make_class, read_sample, with_other_names
from course.catalog import Catalog, Chapter
from course.exercises.base import VISIBLE_SEED
from course.exercises.check import check_candidate
from tests.contract.chapters import defined, solutions_of


def test_learners_of_a_simulated_class_say_different_things_or_nothing(slug: str, catalog: Catalog) -> None:
    sample = read_sample(catalog, slug)
    for answers in (sample.unclear, sample.improve):
        said = [each for each in answers if each]
        assert len(said) == len(set(said))
        assert len(said) >= 4 or not said  # a new chapter need not have any
        assert "" in answers


def test_what_they_say_is_in_what_they_hand_in(slug: str, catalog: Catalog, tmp_path: Path) -> None:
    make_class(catalog, tmp_path / "class-of-twelve", slug, 12)
    forms = (tmp_path / "class-of-twelve").glob(f"class/submitted/*/{slug}/feedback.json")
    entries = [entry for form in forms for entry in json.loads(form.read_text(encoding="utf-8"))["entries"]]
    sample = read_sample(catalog, slug)
    for name, answers in (("unclear", sample.unclear), ("improve", sample.improve)):
        said = {entry[name] for entry in entries} - {""}
        assert len(said) >= 2 or not any(answers)
        assert said <= set(answers)


def test_a_copy_with_other_names_is_as_right_as_what_was_copied(chapter: Chapter, slug: str, catalog: Catalog) -> None:
    sample, unused = read_sample(catalog, slug), set(read_sample(catalog, slug).renamed)
    for exercise, solutions in solutions_of(slug).items():
        source = solutions[0].source
        changed = with_other_names(source, sample)
        unused -= {name for name in unused if with_other_names(source, Sample(renamed={name: "another"})) != source}
        if changed != source:
            assert check_candidate(exercise, defined(slug, changed), VISIBLE_SEED, chapter).status == "passed", exercise
    assert not unused
