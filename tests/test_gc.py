"""The collector is paused while many models are made, and left as it was found."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

import x271
from x271._gc import paused

ANSWER = Path(__file__).parent.parent / "fixtures" / "variants" / "base.271"


@pytest.fixture(autouse=True)
def _enabled() -> Iterator[None]:
    gc.enable()
    yield
    gc.enable()


def test_a_parse_leaves_the_collector_on() -> None:
    x271.parse(ANSWER)
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    x271.parse(ANSWER)
    assert not gc.isenabled()


def test_the_last_of_several_puts_it_back() -> None:
    with paused():
        with paused():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_an_error_puts_it_back() -> None:
    with pytest.raises(KeyError), paused():
        raise KeyError
    assert gc.isenabled()


def test_many_threads_put_it_back() -> None:
    threads = [Thread(target=x271.parse, args=(ANSWER,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert gc.isenabled()


def test_what_somebody_froze_stays_frozen() -> None:
    gc.freeze()
    try:
        x271.parse(ANSWER)
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
