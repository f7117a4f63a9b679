"""Answers cannot be lost: not by kills, by two kernels, by a full disk, nor by somebody who breaks the file."""

import errno
import json
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.quiz.record import (
    ANSWERS_FILE,
    KEEP_EARLIEST,
    KEEP_LATEST,
    KEEP_OTHERS,
    Answer,
    AnswersFile,
    QuizAnswers,
    Record,
    Recorder,
    parse_answers,
    read_answers,
)
from course.storage import json_file

SLUG = "1-1-sample"
START = datetime(2026, 1, 1, tzinfo=UTC)


def responses() -> st.SearchStrategy[str | tuple[str, ...]]:
    text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
    return st.one_of(text, st.lists(text, max_size=4).map(tuple))


def answers() -> st.SearchStrategy[Answer]:
    times = st.integers(0, 10**9).map(lambda micro: START + timedelta(microseconds=micro))
    return st.builds(Answer, times, responses())


@given(st.dictionaries(st.text(max_size=8), st.lists(answers(), min_size=1, max_size=60)))
def test_what_is_written_is_read_again(given_answers: dict[str, list[Answer]]) -> None:
    quiz = QuizAnswers()
    for question, several in given_answers.items():
        for answer in several:
            quiz = quiz.plus("answers", question, answer)
    written = AnswersFile({SLUG: quiz})
    assert parse_answers(json.loads(json.dumps(written.as_json()))) == written


@given(st.lists(answers(), min_size=1, max_size=30), st.randoms())
def test_the_order_of_arrival_does_not_matter(several: list[Answer], rng: random.Random) -> None:
    def recorded(order: list[Answer]) -> QuizAnswers:
        quiz = QuizAnswers()
        for answer in order:
            quiz = quiz.plus("answers", "q", answer)
        return quiz

    other = list(several)
    rng.shuffle(other)
    assert recorded(several) == recorded(other)


def record_of(every: list[Answer]) -> Record:
    record = Record((every[0],), 1)
    for answer in every[1:]:
        record = record.plus(answer)
    return record


def test_of_very_many_answers_the_earliest_and_the_latest_are_kept() -> None:
    every = [Answer(START + timedelta(seconds=i), str(i)) for i in range(500)]
    record = record_of(every)
    assert record.answers == tuple(every[: KEEP_EARLIEST + KEEP_OTHERS] + every[-KEEP_LATEST:])
    assert record.attempts == 500


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), st.integers(1, 12), st.randoms())
def test_every_different_response_is_kept_however_many_answers_there_are(
    given_once: list[int], repeats: int, rng: random.Random
) -> None:
    responses = given_once * repeats
    every = [Answer(START + timedelta(seconds=i), f"option-{r}") for i, r in enumerate(responses)]
    arrived = list(every)
    rng.shuffle(arrived)
    for order in (every, arrived):
        record = record_of(order)
        assert {answer.response for answer in record.answers} == {answer.response for answer in every}
        assert record.answers[:KEEP_EARLIEST] == tuple(every[:KEEP_EARLIEST])
        assert record.answers[-KEEP_LATEST:] == tuple(every[-KEEP_LATEST:])
        assert record.attempts == len(every)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from("abc"), st.sampled_from("wxyz")), max_size=12))
def test_kernels_that_write_in_turns_lose_nothing(steps: list[tuple[int, str, str]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        recorders = [Recorder(Path(name), SLUG) for _kernel in range(3)]
        for kernel, question, response in steps:
            assert recorders[kernel].record("answers", question, response)
        stored = read_answers(Path(name)).quiz(SLUG).answers
        for question in "abc":
            given_to_it = [response for _kernel, asked, response in steps if asked == question]
            kept = [answer.response for answer in stored[question].answers] if question in stored else []
            assert kept == given_to_it


def _answer_often(folder: str, name: str, times: int) -> None:
    recorder = Recorder(Path(folder), SLUG)
    for number in range(times):
        recorder.record("answers", f"{name}-{number}", "x")


def test_kernels_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_answer_often, args=(str(tmp_path), name, 15)) for name in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert len(read_answers(tmp_path).quiz(SLUG).answers) == 60


# The child says "n" on its standard output once answer n is recorded, so we know what it had promised when it died.
WRITER = """
import sys
from pathlib import Path
from course.quiz.record import Recorder
recorder = Recorder(Path(sys.argv[1]), "1-1-sample")
for number in range(10**6):
    recorder.record("answers", f"q{number % 7}", str(number))
    print(number, flush=True)
"""
KILLS = int(os.environ.get("COURSE_KILLS", "8"))


def test_a_kill_at_any_moment_loses_no_promised_answer(tmp_path: Path) -> None:
    rng = random.Random(0)
    for _kill in range(KILLS):
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        promised = child.stdout.readline()
        time.sleep(rng.uniform(0, 0.2))
        os.kill(child.pid, signal.SIGKILL)
        promised = (promised + child.stdout.read()).split()[-1]
        child.wait()
        stored = read_answers(tmp_path)
        assert stored.problems == ()
        record = stored.quiz(SLUG).answers[f"q{int(promised) % 7}"]
        assert int(promised) in {int(str(answer.response)) for answer in record.answers[-2:]}
    assert not list(tmp_path.glob("*.broken-*"))
    Recorder(tmp_path, SLUG).record("answers", "last", "x")
    assert not list(tmp_path.glob(".answers.json.*.tmp")), "what killed writers left behind is cleared away"


# The child kills itself in the place of one step of writing: of the file, of its name, of the folder.
DIES_AT = """
import os, signal, sys
from pathlib import Path
from course.storage import atomic
from course.quiz.record import Recorder
recorder = Recorder(Path(sys.argv[1]), "1-1-sample")
def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)
setattr({"_sync_folder": atomic}.get(sys.argv[2], atomic.os), sys.argv[2], die)
recorder.record("answers", "q", "new")
"""


@pytest.mark.parametrize("step", ["fsync", "replace", "_sync_folder"])
def test_a_kill_at_each_step_leaves_the_old_file_or_the_new_one(step: str, tmp_path: Path) -> None:
    Recorder(tmp_path, SLUG).record("answers", "q", "old")
    child = subprocess.run([sys.executable, "-c", DIES_AT, str(tmp_path), step], check=False)
    assert child.returncode == -signal.SIGKILL
    kept = [answer.response for answer in read_answers(tmp_path).quiz(SLUG).answers["q"].answers]
    assert kept == (["old", "new"] if step == "_sync_folder" else ["old"])


def test_a_full_disk_is_told_and_the_old_file_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(tmp_path, SLUG)
    recorder.record("answers", "q", "kept")
    before = (tmp_path / ANSWERS_FILE).read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(json_file.os, "fsync", full)
        assert not recorder.record("answers", "q", "later")
        assert "disk is full" in recorder.notice
        assert (tmp_path / ANSWERS_FILE).read_bytes() == before
        assert recorder.answers.answers["q"].latest.response == "later"
    assert recorder.record("answers", "other", "x")
    assert read_answers(tmp_path).quiz(SLUG).answers["q"].latest.response == "later", "written with the next answer"


LIMITED = """
import resource, signal, sys
from pathlib import Path
from course.quiz.record import Recorder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
recorder = Recorder(Path(sys.argv[1]), "1-1-sample")
resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
print(recorder.record("answers", "q", "x" * 150), recorder.notice)
"""


def test_a_file_that_may_not_grow_is_told(tmp_path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)
    Recorder(tmp_path, SLUG).record("answers", "before", "x")
    before = (tmp_path / ANSWERS_FILE).read_bytes()
    said = subprocess.run([sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=True)
    assert said.stdout.startswith("False Not saved: the disk is full.")
    assert (tmp_path / ANSWERS_FILE).read_bytes() == before


def test_a_file_never_grows_beyond_what_can_be_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(tmp_path, SLUG)
    recorder.record("answers", "q", "kept")
    before = (tmp_path / ANSWERS_FILE).read_bytes()
    monkeypatch.setattr(json_file, "MAX_BYTES", len(before) + 50)
    assert not recorder.record("answers", "another", "x" * 150)
    assert recorder.notice == "Not saved: answers.json is full. What was saved before is kept."
    assert (tmp_path / ANSWERS_FILE).read_bytes() == before
    assert Recorder(tmp_path, SLUG).answers.answers["q"].latest.response == "kept"


def test_a_read_only_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(json_file.FileLock, "acquire", refuse)
    recorder = Recorder(tmp_path, SLUG)
    assert not recorder.record("answers", "q", "x")
    assert "read-only" in recorder.notice
    assert recorder.answers.answers["q"].latest.response == "x", "shown all the same"


BROKEN = {
    "no JSON": b"{ this is not JSON",
    "cut off": b'{"version": 1, "quizzes": {"1-1-sample": {"answers": {"q": {"attem',
    "not a number": b'{"version": 1, "quizzes": NaN}',
    "a list": b"[]",
    "another version": b'{"version": 99, "quizzes": {}}',
    "not text": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
    "huge": b'"' + b"x" * 2_000_000 + b'"',
    "keys twice": b'{"version": 1, "version": 1, "quizzes": {}}',
    "half a character": b'{"version": 1, "quizzes": {"1-1-sample": {"answers": {"\\ud800": {}}}}}',
    "empty": b"",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_kept_and_a_new_one_begun(name: str, tmp_path: Path) -> None:
    (tmp_path / ANSWERS_FILE).write_bytes(BROKEN[name])
    recorder = Recorder(tmp_path, SLUG)
    assert "is kept as answers.broken-" in recorder.notice
    (kept,) = tmp_path.glob("answers.broken-*.json")
    assert kept.read_bytes() == BROKEN[name]
    assert recorder.record("answers", "q", "x")
    assert read_answers(tmp_path).quiz(SLUG).answers["q"].latest.response == "x"


def test_a_file_broken_in_one_place_keeps_its_other_answers(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, SLUG)
    recorder.record("answers", "good", "x")
    recorder.record("answers", "bad", "y")
    path = tmp_path / ANSWERS_FILE
    data = json.loads(path.read_text())
    data["quizzes"][SLUG]["answers"]["bad"]["attempts"] = "many"
    path.write_text(json.dumps(data))
    again = Recorder(tmp_path, SLUG)
    assert set(again.answers.answers) == {"good"}
    assert "the others go on" in again.notice
    assert len(list(tmp_path.glob("answers.broken-*.json"))) == 1
    assert Recorder(tmp_path, SLUG).notice == "", "told once"


def test_a_full_disk_leaves_no_empty_copies_of_a_partly_broken_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Recorder(tmp_path, SLUG).record("answers", "good", "x")
    path = tmp_path / ANSWERS_FILE
    broken = path.read_text().replace('"attempts": 1', '"attempts": "many"')
    path.write_text(broken)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(json_file.os, "fsync", full)
    recorder = Recorder(tmp_path, SLUG)
    assert "disk is full" in recorder.notice
    assert not recorder.record("answers", "another", "y")
    assert path.read_text() == broken
    assert not list(tmp_path.glob("*.broken-*"))


def test_an_answer_from_the_end_of_time_does_not_stop_the_next_one(tmp_path: Path) -> None:
    Recorder(tmp_path, SLUG).record("answers", "q", "x")
    path = tmp_path / ANSWERS_FILE
    data = json.loads(path.read_text())
    end = {"response": "x", "time": "9999-12-31T23:59:59.999999+00:00"}
    data["quizzes"][SLUG]["answers"]["q"].update(first=end, latest=end)
    path.write_text(json.dumps(data))
    assert Recorder(tmp_path, SLUG).record("answers", "q", "later")
    assert read_answers(tmp_path).quiz(SLUG).answers["q"].latest.response == "later"


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere.json"
    secret.write_text('{"version": 1, "quizzes": {}}')
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / ANSWERS_FILE).symlink_to(secret)
    recorder = Recorder(folder, SLUG)
    recorder.record("answers", "q", "x")
    assert secret.read_text() == '{"version": 1, "quizzes": {}}'
    assert not (folder / ANSWERS_FILE).is_symlink()


def test_an_answer_given_after_the_clock_was_set_back_is_still_the_latest(tmp_path: Path) -> None:
    future = Answer(datetime.now(UTC) + timedelta(days=1), "early")
    quiz = QuizAnswers().plus("answers", "q", future)
    (tmp_path / ANSWERS_FILE).write_text(json.dumps(AnswersFile({SLUG: quiz}).as_json()))
    recorder = Recorder(tmp_path, SLUG)
    recorder.record("answers", "q", "late")
    assert recorder.answers.answers["q"].latest.response == "late"


def test_other_quizzes_in_the_file_are_left_alone(tmp_path: Path) -> None:
    Recorder(tmp_path, "another").record("predictions", "q", "x")
    Recorder(tmp_path, SLUG).record("answers", "q", "y")
    assert read_answers(tmp_path).quiz("another").predictions["q"].latest.response == "x"
