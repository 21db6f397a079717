"""A recording replayed takes the live way: what is cut from it is what was recorded, losses of the link included."""

import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from firingorder_bridge.buffer import Framing, LinkMark, RawFrame, RecordedItem, make_framer
from firingorder_bridge.errors import LinkLost, LinkReason
from firingorder_bridge.frames import Frame, FrameType
from firingorder_bridge.links.pace import LEAD_NS, LOOK_S, Pace
from firingorder_bridge.links.replay_link import ReplayLink, as_chunk

PATIENCE_S = 30.0


def at_once() -> Pace:
    """Make the pace at which everything is due."""
    return Pace(None, 0)


def standing_still() -> Pace:
    """Make a pace whose clock never moves on."""
    return Pace(1.0, 0, now_ns=lambda: 0)


def recording(n_frames: int, gap_ns: int = 1_000_000) -> list[RawFrame]:
    """Return frames of all sorts, each tenth damaged."""
    frames: list[RawFrame] = []
    for number in range(n_frames):
        data = Frame(FrameType.DATA, 0, number, payload=bytes((number % 7,)) * (number % 40)).encode()
        damaged = number % 10 == 3
        frames.append(RawFrame(number * gap_ns, data[:-1].replace(b"\0", b"\1") if damaged else data, damaged))
    return frames


def replay(link: ReplayLink, framing: Framing = Framing.COBS) -> tuple[list[RawFrame], Callable[[], None]]:
    """Return the frames that are cut from a replay, and what waits for its end."""
    framer, cut = make_framer(framing), list[RawFrame]()
    link.open(lambda data, t_ns: cut.extend(framer.feed(data, t_ns)), lambda loss: None)

    def wait() -> None:
        assert link.finished.wait(PATIENCE_S)
        link.close()

    return cut, wait


@pytest.mark.parametrize("framing", Framing)
def test_what_is_cut_is_what_was_recorded(framing: Framing) -> None:
    frames = recording(100)
    cut, wait = replay(ReplayLink(frames, "replay", at_once(), speech=framing.value), framing)
    wait()
    assert cut == frames


def test_a_recorded_loss_is_a_loss_with_its_recorded_time_and_open_goes_on() -> None:
    frames = recording(20)
    items: list[RecordedItem] = [*frames[:10], LinkMark(77, False), LinkMark(88, True), *frames[10:]]
    link = ReplayLink(items, "replay", at_once())
    framer, cut = make_framer(Framing.COBS), list[RawFrame]()
    losses: queue.Queue[LinkLost] = queue.Queue()
    link.open(lambda data, t_ns: cut.extend(framer.feed(data, t_ns)), losses.put)
    loss = losses.get(timeout=PATIENCE_S)
    assert (loss.reason, loss.t_host_ns) == (LinkReason.UNPLUGGED, 77)
    assert cut == frames[:10]
    link.open(lambda data, t_ns: cut.extend(framer.feed(data, t_ns)), losses.put)
    assert link.finished.wait(PATIENCE_S)
    link.close()
    assert cut == frames
    assert losses.empty()


def test_at_a_recorded_loss_the_others_wait_until_the_link_is_open_again() -> None:
    pace = at_once()
    items: list[RecordedItem] = [LinkMark(1, False), LinkMark(2, True), RawFrame(3, b"\x01")]
    lossy = ReplayLink(items, "lossy", pace)
    other = ReplayLink(recording(3, gap_ns=2 * LEAD_NS), "other", pace)
    lost, came = threading.Event(), threading.Event()
    seen: list[int] = []

    def take(data: bytes, t_ns: int) -> None:
        seen.append(t_ns)
        came.set()

    lossy.open(lambda data, t_ns: None, lambda loss: lost.set())
    assert lost.wait(PATIENCE_S)
    other.open(take, lambda loss: None)
    assert came.wait(PATIENCE_S)
    assert not other.finished.wait(2 * LOOK_S)
    assert seen == [0]
    lossy.open(lambda data, t_ns: None, lambda loss: None)
    assert other.finished.wait(PATIENCE_S)
    lossy.close()
    other.close()


def test_a_link_waits_for_one_that_is_still_to_be_opened() -> None:
    """On a busy machine the second one is opened when the first could be through."""
    pace = at_once()
    first = ReplayLink(recording(3, gap_ns=2 * LEAD_NS), "first", pace)
    second = ReplayLink(recording(3, gap_ns=2 * LEAD_NS), "second", pace)
    for link in (first, second):
        assert not first.finished.wait(2 * LOOK_S)
        link.open(lambda data, t_ns: None, lambda loss: None)
    assert first.finished.wait(PATIENCE_S)
    assert second.finished.wait(PATIENCE_S)
    first.close()
    second.close()


def test_a_link_that_is_closed_where_it_was_lost_holds_nobody_up() -> None:
    pace = at_once()
    lossy = ReplayLink([LinkMark(1, False)], "lossy", pace)
    lost = threading.Event()
    lossy.open(lambda data, t_ns: None, lambda loss: lost.set())
    assert lost.wait(PATIENCE_S)
    lossy.close()
    _, wait = replay(ReplayLink(recording(3, gap_ns=2 * LEAD_NS), "other", pace))
    wait()


def test_what_came_while_the_link_would_not_open_is_not_played() -> None:
    frames = recording(20)
    between = [RawFrame(78, frames[0].data, True), RawFrame(79, b"\x01", True)]
    items: list[RecordedItem] = [*frames[:10], LinkMark(77, False), *between, LinkMark(88, True), *frames[10:]]
    link = ReplayLink(items, "replay", at_once())
    chunks: list[bytes] = []
    lost = threading.Event()
    link.open(lambda data, t_ns: chunks.append(data), lambda loss: lost.set())
    assert lost.wait(PATIENCE_S)
    link.open(lambda data, t_ns: chunks.append(data), lambda loss: None)
    assert link.finished.wait(PATIENCE_S)
    link.close()
    assert chunks == [as_chunk(frame, link.speech) for frame in frames]


def test_replay_keeps_recorded_time_by_a_clock_that_it_is_given() -> None:
    """At speed 1 nothing comes before its time: here the clock stands still, so only the first frame is due."""
    arrived = threading.Event()
    link = ReplayLink(recording(3, gap_ns=3_600_000_000_000), "replay", standing_still())
    seen: list[int] = []

    def take(data: bytes, t_ns: int) -> None:
        seen.append(t_ns)
        arrived.set()

    link.open(take, lambda loss: None)
    assert arrived.wait(PATIENCE_S)
    link.close()
    assert seen == [0]


def test_a_clock_far_ahead_makes_everything_due() -> None:
    times = iter([0, *([10**18] * 100)])
    cut, wait = replay(ReplayLink(recording(50, gap_ns=10**9), "replay", Pace(1.0, 0, now_ns=lambda: next(times))))
    wait()
    assert len(cut) == 50


def test_a_replay_in_a_hurry_waits_only_from_where_it_hurries_to() -> None:
    pace = standing_still()
    pace.hurry_to(2_000)
    link = ReplayLink(recording(5, gap_ns=1_000), "replay", pace)
    due = threading.Event()
    seen: list[int] = []

    def take(data: bytes, t_ns: int) -> None:
        seen.append(t_ns)
        if t_ns >= 2_000:
            due.set()

    link.open(take, lambda loss: None)
    assert due.wait(PATIENCE_S)
    assert pace.ahead_s(4_000) == pytest.approx(2e-6)
    link.close()
    assert seen[:3] == [0, 1_000, 2_000]


def test_a_closed_replay_goes_on_with_the_frame_in_hand() -> None:
    frames = recording(3, gap_ns=3_600_000_000_000)
    now_ns = [0]
    link = ReplayLink(frames, "replay", Pace(1.0, 0, now_ns=lambda: now_ns[0]))
    first = threading.Event()
    seen: list[int] = []

    def take(data: bytes, t_ns: int) -> None:
        seen.append(t_ns)
        first.set()

    link.open(take, lambda loss: None)
    assert first.wait(PATIENCE_S)
    link.close()
    link.close()
    assert not link.finished.is_set()
    now_ns[0] = 10**18
    link.open(take, lambda loss: None)
    assert link.finished.wait(PATIENCE_S)
    link.close()
    assert seen == [frame.t_host_ns for frame in frames]


def test_a_replay_keeps_what_would_have_been_sent() -> None:
    link = ReplayLink([], "replay", at_once())
    link.open(lambda data, t_ns: None, lambda loss: None)
    link.write(b"command")
    link.close()
    assert link.sent == [b"command"]
    with pytest.raises(LinkLost):
        link.write(b"late")


def test_a_speed_must_be_positive() -> None:
    with pytest.raises(ValueError, match="speed must be positive"):
        Pace(0.0, 0)


def test_no_link_runs_ahead_of_another() -> None:
    """One link's first frame is late in the recording: the other waits for it, however fast the replay is."""
    pace = at_once()
    slow_may_go = threading.Event()

    def slow_items() -> Iterator[RawFrame]:
        yield recording(1)[0]
        assert slow_may_go.wait(PATIENCE_S)
        yield RawFrame(10 * LEAD_NS, recording(1)[0].data, False)

    fast, slow = ReplayLink(recording(50, gap_ns=LEAD_NS // 10), "fast", pace), ReplayLink(slow_items(), "slow", pace)
    seen: list[int] = []
    reached = threading.Event()

    def take(data: bytes, t_ns: int) -> None:
        seen.append(t_ns)
        if t_ns == LEAD_NS:
            reached.set()

    slow.open(lambda data, t_ns: None, lambda loss: None)
    fast.open(take, lambda loss: None)
    assert reached.wait(PATIENCE_S)
    assert max(seen) == LEAD_NS
    slow_may_go.set()
    assert fast.finished.wait(PATIENCE_S)
    assert slow.finished.wait(PATIENCE_S)
    for link in (fast, slow):
        link.close()
    assert len(seen) == 50
