"""The conversation: every transition, repetition by told time, and a sensor that is deaf, silent or foreign."""

import pytest

from firingorder_bridge.buffer import CobsFramer, Framing
from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.frames import FrameType, parse_checked
from firingorder_bridge.messages import Command, HelloReply, Op, Response, Status
from firingorder_bridge.session import (
    ANSWER_NS,
    ANSWERS,
    COMMANDS,
    GREETINGS_BEFORE_LISTENING,
    SILENCE_NS,
    TRANSITIONS,
    Cue,
    Session,
    State,
)

HELLO = Response(Op.HELLO, 1, data=HelloReply(1, b"12345678", 1).encode())


def ops(session: Session) -> list[int]:
    """Return the commands that wait to be sent."""
    return [command.op for command in session.commands_to_send()]


def streaming() -> Session:
    """Return a session that has come as far as streaming."""
    session = Session()
    session.cue(Cue.OPENED)
    for op in (Op.HELLO, Op.GET_DESC, Op.START):
        session.answer(HELLO if op is Op.HELLO else Response(op))
    session.commands_to_send()
    return session


def test_a_willing_sensor_is_greeted_described_and_started() -> None:
    session = Session()
    session.cue(Cue.OPENED)
    assert ops(session) == [Op.HELLO]
    session.answer(HELLO)
    assert ops(session) == [Op.GET_DESC]
    session.answer(Response(Op.GET_DESC))
    assert ops(session) == [Op.START]
    session.answer(Response(Op.START))
    assert session.state is State.STREAMING
    assert ops(session) == []


def test_every_state_has_an_entry_and_every_command_an_answer() -> None:
    assert set(TRANSITIONS) == set(State)
    assert {op for op, _ in COMMANDS.values()} == set(ANSWERS)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("cue", Cue)
def test_a_cue_without_entry_changes_nothing(state: State, cue: Cue) -> None:
    session = Session(autostart=False, state=state)
    expected = TRANSITIONS[state].get(cue)
    assert session.cue(cue) is (expected is not None)
    assert session.state is (expected or state)


@pytest.mark.parametrize("state", [state for state in State if state is not State.CLOSED])
def test_every_open_state_can_lose_its_link(state: State) -> None:
    assert TRANSITIONS[state][Cue.LOST] is State.CLOSED


def test_an_overdue_command_is_sent_again_and_not_before() -> None:
    session = Session()
    session.cue(Cue.OPENED)
    session.commands_to_send()
    session.tick(0)
    session.tick(ANSWER_NS - 1)
    assert ops(session) == []
    session.tick(ANSWER_NS)
    assert ops(session) == [Op.HELLO]


def test_without_autostart_it_waits_for_start() -> None:
    session = Session(autostart=False)
    session.cue(Cue.OPENED)
    session.answer(HELLO)
    session.answer(Response(Op.GET_DESC))
    assert session.state is State.READY
    session.commands_to_send()
    session.cue(Cue.START)
    assert ops(session) == [Op.START]


def test_data_are_as_good_as_the_answer_to_start() -> None:
    session = Session(state=State.STARTING)
    session.saw_data()
    assert session.state is State.STREAMING


def test_a_deaf_sensor_that_streams_is_listened_to() -> None:
    session = Session()
    session.cue(Cue.OPENED)
    for number in range(GREETINGS_BEFORE_LISTENING + 2):
        session.saw_data()
        session.tick(number * ANSWER_NS)
    assert session.state is State.LISTENING


def test_a_sensor_that_says_nothing_at_all_is_greeted_for_ever() -> None:
    session = Session()
    session.cue(Cue.OPENED)
    for number in range(100):
        session.tick(number * ANSWER_NS)
    assert session.state is State.GREETING
    assert len(ops(session)) == 100


def test_a_foreign_version_is_refused() -> None:
    session = Session()
    session.cue(Cue.OPENED)
    refusal = session.answer(Response(Op.HELLO, data=HelloReply(2, b"12345678", 1).encode()))
    assert refusal == "the sensor speaks version 2; this program speaks 1"
    assert session.state is State.REFUSED


def test_a_refused_command_is_told_and_tried_again() -> None:
    session = Session()
    session.cue(Cue.OPENED)
    assert session.answer(Response(Op.HELLO, status=Status.REFUSED)) == "HELLO answered with status 3"
    assert session.state is State.GREETING


def test_a_short_answer_to_hello_is_told() -> None:
    session = Session()
    session.cue(Cue.OPENED)
    assert session.answer(Response(Op.HELLO, data=b"1")) == "HELLO answered with 1 bytes; expected 13"


def test_a_stream_that_falls_silent_is_greeted_anew() -> None:
    session = streaming()
    session.tick(0)
    session.tick(SILENCE_NS - 1)
    assert ops(session) == []
    session.tick(SILENCE_NS)
    assert ops(session) == [Op.HELLO]
    assert session.state is State.GREETING


def test_a_stream_with_data_is_left_alone() -> None:
    session = streaming()
    for number in range(10):
        session.saw_data()
        session.tick(number * (SILENCE_NS - 1))
    assert session.state is State.STREAMING


def test_stop_is_sent_and_start_again_streams_again() -> None:
    session = streaming()
    session.cue(Cue.STOP)
    assert ops(session) == [Op.STOP]
    session.answer(Response(Op.STOP))
    assert session.state is State.READY
    session.cue(Cue.START)
    assert ops(session) == [Op.START]


@pytest.mark.parametrize("framing", Framing)
def test_commands_leave_as_frames_of_the_link(framing: Framing) -> None:
    decoder = SensorDecoder("link", framing, 0)
    decoder.link_opened()
    data = decoder.data_to_send()
    raw = CobsFramer().feed(data, 0)[0].data if framing is Framing.COBS else data
    frame = parse_checked(raw)
    assert (frame.type_code, frame.stream) == (FrameType.CMD, 255)
    assert Command.decode(frame.payload) == Command(Op.HELLO, 1, b"\x01\x01")
    assert decoder.data_to_send() == b""


def test_a_restored_link_begins_with_a_greeting() -> None:
    decoder = SensorDecoder("link", Framing.DATAGRAM, 0)
    decoder.link_opened()
    decoder.link_lost(5)
    decoder.data_to_send()
    decoder.link_restored(9)
    command = Command.decode(parse_checked(decoder.data_to_send()).payload)
    assert command is not None
    assert command.op == Op.HELLO
