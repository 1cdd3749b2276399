"""Evidence: each question once, failures kept, batches gathered, nothing waits past its limit."""

import threading
import time
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pytest

from sesgate.evidence import Answer, Evidence, Failure, FailureKind, NotSeen, Question
from sesgate.evidence.flight import Flight
from sesgate.testing import MOMENT


class Counting:
    """A source that counts, and answers with the operation's name."""

    def __init__(self, *, limit: float = 5.0, seconds: float = 0.0, fail: Failure | None = None) -> None:
        self.limit = limit
        self.seconds = seconds
        self.fail = fail
        self.asked: list[Question] = []
        self.batches: list[int] = []
        self._lock = threading.Lock()

    def batch_key(self, question: Question) -> Hashable | None:
        return question.fields if question.fields[-1].startswith("Batch") else None

    def answer(self, question: Question, flight: Flight) -> Any:
        with self._lock:
            self.asked.append(question)
        time.sleep(self.seconds)
        if self.fail:
            raise NotSeen(self.fail)
        return question.fields[-1]

    def answer_batch(self, questions: Sequence[Question], flight: Flight) -> Mapping[Question, Any]:
        with self._lock:
            self.batches.append(len(questions))
        return {question: question.parameters["Identity"] for question in questions}


def aws(operation: str, **parameters: Any) -> Question:
    return Question.aws("eu-west-1", "sesv2", operation, parameters)


def test_many_threads_ask_one_question_once() -> None:
    source = Counting(seconds=0.05)
    evidence = Evidence({"aws": source})
    answers: list[Answer] = []
    barrier = threading.Barrier(40)

    def ask() -> None:
        barrier.wait()
        answers.append(evidence.ask(aws("GetAccount")))

    threads = [threading.Thread(target=ask) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(source.asked) == 1
    assert {answer.read() for answer in answers} == {"GetAccount"}
    assert len({id(answer) for answer in answers}) == 1


def test_a_failure_is_kept_and_told_to_all() -> None:
    source = Counting(fail=Failure(FailureKind.DENIED, "denied", "ses:GetAccount"))
    evidence = Evidence({"aws": source})
    for _ in range(3):
        with pytest.raises(NotSeen) as told:
            evidence.ask(aws("GetAccount")).read()
        assert told.value.failure.grant == "ses:GetAccount"
    assert len(source.asked) == 1
    assert [answer.failure.kind for answer in evidence.answers().values() if answer.failure] == ["denied"]


def test_a_fault_of_the_source_is_a_failure_whose_text_is_not_repeated() -> None:
    class Broken(Counting):
        def answer(self, question: Question, flight: Flight) -> Any:
            raise RuntimeError("password=hunter2")

    failure = Evidence({"aws": Broken()}).ask(aws("GetAccount")).failure
    assert failure is not None
    assert failure.kind is FailureKind.NOT_UNDERSTOOD
    assert "hunter2" not in failure.message


def test_questions_are_asked_side_by_side() -> None:
    evidence = Evidence({"aws": Counting(seconds=0.2)})
    began = time.monotonic()
    evidence.ask_all(aws(f"Get{number}") for number in range(20))
    assert time.monotonic() - began < 2.0, "twenty questions one after the other take four seconds"


def test_batches_hold_a_hundred_and_answer_each_in_its_place() -> None:
    source = Counting()
    names = [f"{number}.example" for number in range(250)]
    answers = Evidence({"aws": source}).ask_all(aws("BatchGet", Identity=name) for name in names)
    assert sorted(source.batches) == [50, 100, 100]
    assert [answer.read() for answer in answers] == names


def test_single_asks_at_the_same_time_share_a_call() -> None:
    source = Counting()
    evidence = Evidence({"aws": source})
    barrier = threading.Barrier(10)

    def ask(name: str) -> None:
        barrier.wait()
        assert evidence.ask(aws("BatchGet", Identity=name)).read() == name

    threads = [threading.Thread(target=ask, args=(f"{number}.example",)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(source.batches) == 10
    assert len(source.batches) < 10


def test_a_hung_question_ends_at_its_limit() -> None:
    evidence = Evidence({"aws": Counting(limit=0.1, seconds=3)})
    failure = evidence.ask(aws("GetAccount")).failure
    assert failure is not None
    assert failure.kind is FailureKind.TIMEOUT


def test_a_hung_question_ends_at_the_deadline_of_the_run() -> None:
    evidence = Evidence({"aws": Counting(seconds=3)}, deadline=time.monotonic() + 0.1)
    failure = evidence.ask(aws("GetAccount")).failure
    assert failure is not None
    assert failure.kind is FailureKind.DEADLINE


def test_an_answer_that_comes_too_late_does_not_replace_the_failure() -> None:
    evidence = Evidence({"aws": Counting(limit=0.05, seconds=0.2)})
    first = evidence.ask(aws("GetAccount"))
    time.sleep(0.3)
    assert evidence.ask(aws("GetAccount")) is first
    assert first.failure is not None


def test_time_spent_waiting_for_a_turn_does_not_count() -> None:
    flight = Flight(limit=0.05)
    flight.begin()
    flight.extend(10)
    assert not flight.wait(time.monotonic() + 0.15)
    flight.land(Answer("late", None, MOMENT, 0.0))
    assert flight.wait(time.monotonic() + 1)


def test_what_was_recorded_is_not_asked_again() -> None:
    source = Counting()
    known = {aws("GetAccount"): Answer("recorded", None, MOMENT, 0.0)}
    assert Evidence({"aws": source}, known=known).ask(aws("GetAccount")).read() == "recorded"
    assert source.asked == []


def test_without_a_source_a_question_is_a_failure() -> None:
    failure = Evidence({}).ask(aws("GetAccount")).failure
    assert failure is not None
    assert failure.kind is FailureKind.NOT_RECORDED


def test_equal_questions_have_equal_ids() -> None:
    one = Question.aws("eu-west-1", "ses", "Get", {"a": 1, "b": 2})
    two = Question.aws("eu-west-1", "ses", "Get", {"b": 2, "a": 1})
    assert one == two
    assert one.id == two.id
    assert Question.from_list(one.to_list()) == one
    assert Question.dns("TXT", "Example.COM.", "resolver 1") == Question.dns("TXT", "example.com", "resolver 1")


class TestShared:
    def test_a_question_is_asked_once_for_all_runs_that_share_it(self) -> None:
        source = Counting()
        common = Evidence({"aws": source})
        first, second = (Evidence({}, shared={"aws": common}) for _ in range(2))
        question, other = (Question.aws("eu-west-1", "sesv2", name) for name in ("GetAccount", "Other"))
        assert first.ask(question) is second.ask(question)
        first.ask(other)
        assert source.asked == [question, other]

    def test_each_run_knows_what_it_asked_itself(self) -> None:
        common = Evidence({"aws": Counting()})
        first, second = (Evidence({"file": Counting()}, shared={"aws": common}) for _ in range(2))
        mine, everybodys = Question.file("policies", "a.json"), Question.aws("eu-west-1", "sesv2", "GetAccount")
        first.ask_all([mine, everybodys])
        second.ask(everybodys)
        assert set(first.answers()) == {mine, everybodys}
        assert set(second.answers()) == {everybodys}

    def test_what_is_known_is_not_asked_of_others(self) -> None:
        source, question = Counting(), Question.aws("eu-west-1", "sesv2", "GetAccount")
        known = Evidence({"aws": source}).ask(question)
        run = Evidence({}, known={question: known}, shared={"aws": Evidence({"aws": source})})
        assert run.ask(question) is known
        assert source.asked == [question]
