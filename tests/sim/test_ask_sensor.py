"""Asking who is on a port: who answers is named with all its streams, however its answers are cut."""

import time

import pytest
from tests.unit.bridge.frame_sender import FrameSender

from firingorder_bridge.buffer import Framing
from firingorder_bridge.errors import LinkLost, LinkReason
from firingorder_bridge.frames import VERSION, Frame, FrameType, SampleFormat, parse_frame
from firingorder_bridge.links.base import Link, OnData, OnLost
from firingorder_bridge.messages import (
    Capability,
    ChannelDescriptor,
    Command,
    Descriptor,
    HelloReply,
    Kind,
    Op,
    Quantity,
    Response,
)
from firingorder_bridge.stuffing import stuff, unstuff
from firingorder_session.acquiring.ask_sensor import Inquiry, SensorFound, ask_sensor
from firingorder_session.acquiring.port_search import PortSearch

UID = b"ABCDEFGH"
EMG = Descriptor(Kind.EMG, SampleFormat.I16, 2000, 1, (ChannelDescriptor(0, Quantity.VOLT, site=0x41),))
IMU = Descriptor(Kind.ANALOG, SampleFormat.I16, 200, 1, (ChannelDescriptor(0, Quantity.TEMPERATURE),))


class Board(Link):
    """A sensor at the far end of a cable: answers each command, one frame a chunk, the descriptors after the answer."""

    speech = Framing.COBS.value

    def __init__(self, name: str = "port", uid: bytes = UID, *, deaf: bool = False, dies: bool = False) -> None:
        self.name = name
        self.uid = uid
        self.is_open = False
        self.hesitates = False
        self.answers: list[bytes] = []
        self._deaf, self._dies = deaf, dies
        self._sender = FrameSender()

    def open(self, on_data: OnData, on_lost: OnLost) -> None:
        """Take the callback."""
        self._on_data = on_data
        self.is_open = True

    def write(self, data: bytes) -> None:
        """Answer each command."""
        if self._dies:
            raise LinkLost(self.name, LinkReason.UNPLUGGED, f"{self.name} is gone")
        for stuffed in data.split(b"\0")[:-1]:
            frame = parse_frame(unstuff(stuffed) or b"")
            assert isinstance(frame, Frame)
            command = Command.decode(frame.payload)
            assert command is not None
            for answer in [] if self._deaf else self._answers(command):
                self.answers.append(stuff(answer.encode()))
        while self.answers and not self.hesitates:
            self.say_next()

    def close(self) -> None:
        """Say nothing any more."""
        self.is_open = False

    def say_next(self) -> None:
        """Send the next answer."""
        self._on_data(self.answers.pop(0), time.monotonic_ns())

    def _answers(self, command: Command) -> list[Frame]:
        data = HelloReply(VERSION, self.uid, 7, Capability.SIMULATED).encode() if command.op == Op.HELLO else b""
        answer = Response(command.op, command.tag, data=data).encode()
        described = [self._sender.descriptor(0, EMG), self._sender.descriptor(1, IMU)]
        return [self._sender.control(FrameType.RSP, answer), *(described if command.op == Op.GET_DESC else [])]


def search(uid: bytes, boards: list[Board], answer_ns: int = 2_000_000_000) -> Link | None:
    """Step a search until it is over, as the acquisition does, by told time."""
    looking = PortSearch(uid.hex(), boards)
    now_ns, found = 0, None
    while found is None and not looking.over:
        found = looking.step(now_ns)
        now_ns += answer_ns // 10
    return found


def test_a_sensor_is_named_with_all_its_streams() -> None:
    board = Board()
    found = ask_sensor(board)
    assert (found.uid, found.firmware, found.simulated) == (UID.hex(), 7, True)
    assert [stream.stream_id for stream in found.streams] == [f"{UID.hex()}/0", f"{UID.hex()}/1"]
    assert not board.is_open


def test_descriptors_that_come_late_are_waited_for() -> None:
    board = Board()
    inquiry = Inquiry(board, 0)
    board.hesitates = True
    n_steps = 0
    while not inquiry.complete:
        inquiry.step(n_steps)
        if board.answers:
            board.say_next()
        n_steps += 1
        assert n_steps < 20
    assert len(inquiry.streams) == 2


def test_a_port_where_nobody_answers_has_no_sensor_and_no_error() -> None:
    board = Board(deaf=True)
    assert ask_sensor(board, answer_s=0.05) == SensorFound("port")
    assert not board.is_open


def test_a_port_that_dies_while_asked_says_so() -> None:
    assert ask_sensor(Board(dies=True)).error == "port is gone"


def test_a_search_finds_the_sensor_by_its_uid_among_others() -> None:
    boards = [Board("dead", dies=True), Board("deaf", deaf=True), Board("other", b"ZZZZZZZZ"), Board("it")]
    found = search(UID, boards)
    assert found is not None
    assert found.name == "it"
    assert not any(board.is_open for board in boards)


@pytest.mark.parametrize("boards", [[], [Board("deaf", deaf=True)], [Board("other", b"ZZZZZZZZ")]])
def test_a_search_without_the_sensor_ends_and_closes_what_it_opened(boards: list[Board]) -> None:
    assert search(UID, boards) is None
    assert not any(board.is_open for board in boards)
