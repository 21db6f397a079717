"""The contract every Stage and every Link must pass; applied by parametrisation.

A stage is driven through a `StageCase`, which knows what its blocks look like and turns what comes out into a list
that does not depend on how the recording was cut. A link is driven through a `LinkCase`, which plays its other end.
"""

import inspect
import pickle
import queue
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields, is_dataclass
from typing import cast

import numpy as np
import pytest

from firingorder_bridge.buffer import Framing
from firingorder_bridge.errors import LinkLost
from firingorder_bridge.links import radio
from firingorder_bridge.links.base import Link
from firingorder_bridge.links.library_link import SPEECH
from firingorder_signal.blocks import FloatArray
from firingorder_signal.stage import Stage

AnyStage = Stage[..., object]
#: What a stage said, with nothing left of how the recording was cut: kind -> rows as bytes, or events, in order.
Said = dict[str, list[object]]
#: How long anything a link has to do may take, seconds.
PATIENCE_S = 30.0


@dataclass(frozen=True)
class StageCase:
    """A stage and a recording for it.

    Attributes
    ----------
    build
        Makes the stage, new.
    columns : shape (n_rows, n_columns)
        The recording; nothing may change it.
    block
        The arguments of `update` for rows `start:stop` of an array like `columns`.
    unswap
        What was said of the recording with its channels in reverse, rewritten as if they had not been; None where the
        columns are not channels that could be in any order.
    """

    name: str
    build: Callable[[], AnyStage]
    columns: FloatArray
    block: Callable[[FloatArray, int, int], tuple[object, ...]]
    unswap: Callable[[Said], Said] | None = None

    def push(self, stage: AnyStage, start: int, stop: int, columns: FloatArray | None = None) -> Iterator[object]:
        """Pass on rows `start:stop`."""
        yield stage.update(*self.block(self.columns if columns is None else columns, start, stop))

    def run(self, stage: AnyStage, borders: Sequence[int], columns: FloatArray | None = None) -> Said:
        """Pass on the recording between these borders, piece by piece, and end it if the last border is its end."""
        results: list[object] = []
        for start, stop in zip(borders[:-1], borders[1:], strict=True):
            results += self.push(stage, start, stop, columns)
        finish = getattr(stage, "finish", None)
        if callable(finish) and borders[-1] == len(self.columns):
            results.append(finish())
        return say(results)

    def __str__(self) -> str:
        """Name the case in a test's name."""
        return self.name


def say(results: Sequence[object]) -> Said:
    """Take results apart into rows and events."""
    said: Said = {}
    for result in results:
        _say("", result, said)
    return said


def _say(kind: str, result: object, said: Said) -> None:
    """Add one result: arrays by their rows, lists by their items, records that hold arrays by their fields."""
    parts = _parts(result)
    if isinstance(result, np.ndarray):
        said.setdefault(kind, []).extend(row.tobytes() for row in cast(FloatArray, result))
    elif isinstance(result, list):
        for item in cast(list[object], result):
            _say(kind, item, said)
    elif any(isinstance(part, np.ndarray) for part in parts.values()):
        for name, part in parts.items():
            if isinstance(part, np.ndarray | list):  # a row number or a time beside them belongs to the block
                _say(f"{kind}/{name}", cast(object, part), said)
    elif result is not None:
        said.setdefault(kind, []).append(result)


def _parts(result: object) -> dict[str, object]:
    """Name what a tuple or a record is made of."""
    if isinstance(result, tuple):
        return {str(number): part for number, part in enumerate(cast(tuple[object, ...], result))}
    if is_dataclass(result):
        return {f"{type(result).__name__}.{field.name}": getattr(result, field.name) for field in fields(result)}
    return {}


def whole(case: StageCase) -> Said:
    """Return what a new stage says of the whole recording at once; it must say something."""
    said = case.run(case.build(), (0, len(case.columns)))
    assert any(said.values()), "the recording must make the stage say something"
    return said


def check_docstring(case: StageCase) -> None:
    """Check that the class, `update` and `delay_s` say what they do, and that the delay is a time."""
    stage = case.build()
    for thing in (type(stage), type(stage).update, inspect.getattr_static(type(stage), "delay_s")):
        assert inspect.getdoc(thing)
    assert stage.delay_s >= 0.0


def check_input_not_mutated(case: StageCase) -> None:
    """Check that what was passed in is as it was."""
    before = case.columns.copy()
    whole(case)
    np.testing.assert_array_equal(case.columns, before)


def check_any_chopping(case: StageCase) -> None:
    """Check that any cut gives the same bits: even blocks, ragged ones, empty ones, one row at a time."""
    expected, n = whole(case), len(case.columns)
    rng = np.random.default_rng(0)
    cuts = [np.arange(step, n, step) for step in (20, 333)]
    cuts += [np.sort(rng.integers(0, n, size)) for size in (3, 30, 300)]  # drawn twice: an empty block
    cuts.append(np.arange(n // 2, min(n // 2 + 300, n)))
    for cut in cuts:
        assert case.run(case.build(), (0, *cut.tolist(), n)) == expected


def check_process_is_update(case: StageCase) -> None:
    """Check that `process` gives what `update` and the end of the data give, whatever the stage did before."""
    stage = case.build()
    for _ in case.push(stage, 0, len(case.columns) // 3):
        pass
    assert say([stage.process(*case.block(case.columns, 0, len(case.columns)))]) == whole(case)


def check_reset_equals_new(case: StageCase) -> None:
    """Check that after a reset the stage says what a new one says."""
    stage = case.build()
    case.run(stage, (0, len(case.columns)))
    assert stage.reset() is stage
    assert case.run(stage, (0, len(case.columns))) == whole(case)


def check_state_pickles(case: StageCase) -> None:
    """Check that a stage, and the state read from it, can be written down at any moment."""
    stage = case.build()
    for start in range(0, len(case.columns), len(case.columns) // 4):
        for _ in case.push(stage, start, min(start + len(case.columns) // 4, len(case.columns))):
            pass
        assert set(pickle.loads(pickle.dumps(stage.state))) == set(stage.state)
        assert set(pickle.loads(pickle.dumps(stage)).state) == set(stage.state)


def check_restored_state_resumes(case: StageCase) -> None:
    """Check that a state written down and put back into another stage goes on with the same bits."""
    n = len(case.columns)
    for cut in (1, n // 3, n // 2 + 7, n - 11):
        stage, other = case.build(), case.build()
        for _ in case.push(stage, 0, cut):
            pass
        saved = pickle.dumps(stage.state)
        expected = case.run(stage, (cut, n))
        for _ in case.push(other, 0, n // 4):  # it has a past of its own
            pass
        other.state = pickle.loads(saved)
        assert case.run(other, (cut, n)) == expected


def check_state_is_a_copy(case: StageCase) -> None:
    """Check that a state that was read stays as it was while stages go on from it."""
    n = len(case.columns)
    stage, other = case.build(), case.build()
    for _ in case.push(stage, 0, n // 2):
        pass
    state = stage.state
    expected = case.run(stage, (n // 2, n))
    other.state = state
    assert case.run(other, (n // 2, n)) == expected
    other.state = state  # put back once more: what went on from it has left it as it was
    assert case.run(other, (n // 2, n)) == expected


def check_channel_order(case: StageCase) -> None:
    """Check that channels in reverse give the same, in reverse."""
    if case.unswap is None:
        pytest.skip("its columns are not channels that could be in any order")
    reverse = np.ascontiguousarray(case.columns[:, ::-1])
    assert case.unswap(case.run(case.build(), (0, len(reverse)), reverse)) == whole(case)


STAGE_CHECKS: tuple[Callable[[StageCase], None], ...] = (
    check_docstring,
    check_input_not_mutated,
    check_any_chopping,
    check_process_is_update,
    check_reset_equals_new,
    check_state_pickles,
    check_restored_state_resumes,
    check_state_is_a_copy,
    check_channel_order,
)


@dataclass(frozen=True)
class FarEnd:
    """A link under test and its other end: what is sent from there, and how it dies, if it is to die."""

    link: Link
    send: Callable[[], bytes]
    die: Callable[[], None]


@dataclass(frozen=True)
class LinkCase:
    """A kind of link: `connect(mortal)` makes one with its other end, for as long as the context lasts."""

    name: str
    connect: Callable[[bool], AbstractContextManager[FarEnd]]

    def __str__(self) -> str:
        """Name the case in a test's name."""
        return self.name


class Heard:
    """What a link called back."""

    def __init__(self) -> None:
        self.chunks: queue.Queue[bytes] = queue.Queue()
        self.losses: queue.Queue[LinkLost] = queue.Queue()
        self.closed = False
        self.n_after_close = 0

    def on_data(self, data: bytes, t_ns: int) -> None:
        """Keep a chunk."""
        assert t_ns >= 0
        self.n_after_close += self.closed
        self.chunks.put(data)

    def on_lost(self, loss: LinkLost) -> None:
        """Keep a loss."""
        self.n_after_close += self.closed
        self.losses.put(loss)

    def read(self, n_bytes: int) -> bytes:
        """Return the next bytes, as many as asked for."""
        data = b""
        while len(data) < n_bytes:
            data += self.chunks.get(timeout=PATIENCE_S)
        return data


def check_link_docstring(case: LinkCase) -> None:
    """Check that the class says what it is, and that the link has a name for the user."""
    with case.connect(False) as far:
        assert inspect.getdoc(type(far.link))
        assert far.link.name
        assert far.link.speech in {*(framing.value for framing in Framing), SPEECH}


def check_bytes_arrive_in_order(case: LinkCase) -> None:
    """Check that what the other end sends arrives whole and in order."""
    with case.connect(False) as far:
        heard = Heard()
        far.link.open(heard.on_data, heard.on_lost)
        sent = far.send()
        assert heard.read(len(sent)) == sent


def check_nothing_after_close(case: LinkCase) -> None:
    """Check that once `close` has returned nothing is called back, no thread is left, and that it is no loss."""
    before = set(threading.enumerate())
    with case.connect(False) as far:
        heard = Heard()
        far.link.open(heard.on_data, heard.on_lost)
        far.send()
        far.link.close()
        heard.closed = True
        # The radio's thread is the process's, not a link's.
        assert not {thread for thread in set(threading.enumerate()) - before if thread.name != radio.THREAD}
    assert heard.n_after_close == 0
    assert heard.losses.empty()


def check_close_at_any_time(case: LinkCase) -> None:
    """Check that closing is allowed before the link was opened, and twice."""
    with case.connect(False) as far:
        far.link.close()
        far.link.open(lambda data, t_ns: None, lambda loss: None)
        far.link.close()
        far.link.close()


def check_opens_again_after_close(case: LinkCase) -> None:
    """Check that a closed link opens again and goes on."""
    with case.connect(False) as far:
        heard = Heard()
        far.link.open(heard.on_data, heard.on_lost)
        far.link.close()
        far.link.open(heard.on_data, heard.on_lost)
        sent = far.send()
        assert heard.read(len(sent)) == sent


def check_writing_needs_an_open_link(case: LinkCase) -> None:
    """Check that writing before opening and after closing is a loss, by name."""
    with case.connect(False) as far:
        with pytest.raises(LinkLost, match=re.escape(far.link.name)):
            far.link.write(b"hello")
        far.link.open(lambda data, t_ns: None, lambda loss: None)
        far.link.write(b"hello")
        far.link.close()
        with pytest.raises(LinkLost, match=re.escape(far.link.name)):
            far.link.write(b"hello")


def check_a_death_is_told_once(case: LinkCase) -> None:
    """Check that a link that dies says so once, by name, and is closed as if nothing had happened."""
    with case.connect(True) as far:
        heard = Heard()
        far.link.open(heard.on_data, heard.on_lost)
        far.die()
        assert far.link.name in str(heard.losses.get(timeout=PATIENCE_S))
        far.link.close()
    assert heard.losses.empty()


LINK_CHECKS: tuple[Callable[[LinkCase], None], ...] = (
    check_link_docstring,
    check_bytes_arrive_in_order,
    check_nothing_after_close,
    check_close_at_any_time,
    check_opens_again_after_close,
    check_writing_needs_an_open_link,
    check_a_death_is_told_once,
)
