"""The conversation with one sensor, as a table: greet, describe, start, stream, stop. No I/O, no clock read.

How to think about it. The host asks, the sensor answers; each state names the one command that is open in it, and each
legal transition is one entry of `TRANSITIONS`. A cue that a state has no entry for changes nothing: answers come late,
twice, or from a sensor that somebody else started, and none of that is an error. A command without an answer is sent
again, for as long as it takes, because a board that has just been plugged in boots for seconds. A sensor that streams
but never answers (a board without a receiving line) is listened to.

Time is told (`tick`), so that a test needs no waiting. Everything that changes the state is in this file.
"""

from dataclasses import dataclass, field
from enum import Enum

from .frames import CONTROL_STREAM, VERSION
from .messages import Command, HelloReply, Op, Response, Status, hello_args, start_args

# A pseudo-terminal answers in 1 ms, a radio within two connection intervals of at most 125 ms each, twice over (J).
ANSWER_NS = 500_000_000
# So many unanswered greetings, with data coming all the while, mean a sensor that cannot hear.
GREETINGS_BEFORE_LISTENING = 4
# A stream that is silent for so long may have rebooted and wait to be asked; a stall of the host's is shorter (J).
SILENCE_NS = 2_000_000_000


class State(Enum):
    """Where the conversation is."""

    CLOSED = "closed"
    GREETING = "greeting"
    DESCRIBING = "describing"
    READY = "ready"
    STARTING = "starting"
    STREAMING = "streaming"
    STOPPING = "stopping"
    LISTENING = "listening"
    REFUSED = "refused"


class Cue(Enum):
    """What moves it on."""

    OPENED = "opened"
    GREETED = "greeted"
    DESCRIBED = "described"
    START = "start"
    STARTED = "started"
    STOP = "stop"
    STOPPED = "stopped"
    UNHEARD = "unheard"
    MISMATCHED = "mismatched"
    SILENT = "silent"
    LOST = "lost"


TRANSITIONS: dict[State, dict[Cue, State]] = {
    State.CLOSED: {Cue.OPENED: State.GREETING},
    State.GREETING: {
        Cue.GREETED: State.DESCRIBING,
        Cue.UNHEARD: State.LISTENING,
        Cue.MISMATCHED: State.REFUSED,
        Cue.LOST: State.CLOSED,
    },
    State.DESCRIBING: {Cue.DESCRIBED: State.READY, Cue.MISMATCHED: State.REFUSED, Cue.LOST: State.CLOSED},
    State.READY: {Cue.START: State.STARTING, Cue.MISMATCHED: State.REFUSED, Cue.LOST: State.CLOSED},
    State.STARTING: {
        Cue.STARTED: State.STREAMING,
        Cue.STOP: State.STOPPING,
        Cue.MISMATCHED: State.REFUSED,
        Cue.LOST: State.CLOSED,
    },
    State.STREAMING: {
        Cue.STOP: State.STOPPING,
        Cue.SILENT: State.GREETING,
        Cue.MISMATCHED: State.REFUSED,
        Cue.LOST: State.CLOSED,
    },
    State.STOPPING: {Cue.STOPPED: State.READY, Cue.MISMATCHED: State.REFUSED, Cue.LOST: State.CLOSED},
    State.LISTENING: {Cue.GREETED: State.DESCRIBING, Cue.MISMATCHED: State.REFUSED, Cue.LOST: State.CLOSED},
    State.REFUSED: {Cue.LOST: State.CLOSED},
}

#: The command that is open in a state; none where nothing is waited for.
COMMANDS: dict[State, tuple[Op, bytes]] = {
    State.GREETING: (Op.HELLO, hello_args(VERSION, VERSION)),
    State.DESCRIBING: (Op.GET_DESC, bytes((CONTROL_STREAM,))),
    State.STARTING: (Op.START, start_args()),
    State.STOPPING: (Op.STOP, b""),
}

#: What a good answer to a command is the cue for.
ANSWERS: dict[Op, Cue] = {
    Op.HELLO: Cue.GREETED,
    Op.GET_DESC: Cue.DESCRIBED,
    Op.START: Cue.STARTED,
    Op.STOP: Cue.STOPPED,
}


@dataclass
class Session:
    """The host's side of the conversation.

    Parameters
    ----------
    autostart
        Ask for data as soon as the sensor is described.

    Attributes
    ----------
    n_sent
        How often the open command has been sent.
    """

    autostart: bool = True
    state: State = State.CLOSED
    n_sent: int = 0
    _tag: int = 0
    _sent_ns: int | None = None
    _has_data: bool = False
    _is_silent: bool = True
    _heard_ns: int | None = None
    _commands: list[Command] = field(default_factory=list[Command])

    def cue(self, cue: Cue) -> bool:
        """Follow a cue; return whether the state has an entry for it."""
        after = TRANSITIONS[self.state].get(cue)
        if after is None:
            return False
        self.state = after
        self.n_sent = 0
        self._commands.clear()
        self._heard_ns = None
        if after in (State.CLOSED, State.GREETING):
            self._has_data = False
        if after in COMMANDS:
            self._tag = (self._tag + 1) % 256
            self._send()
        if after is State.READY and cue is Cue.DESCRIBED and self.autostart:
            self.cue(Cue.START)
        return True

    def answer(self, response: Response) -> str | None:
        """Take an answer; return what it refuses, in one line, or None.

        An answer counts by its `op` alone: the tag tells answers to repeated commands apart, and any of them will do.
        """
        if response.op not in ANSWERS:
            return None
        op = Op(response.op)
        if response.status != Status.OK:
            return f"{op.name} answered with status {response.status}"
        if op is Op.HELLO:
            reply = HelloReply.decode(response.data)
            if reply is None:
                return f"HELLO answered with {len(response.data)} bytes; expected 13"
            if reply.version != VERSION:
                self.cue(Cue.MISMATCHED)
                return f"the sensor speaks version {reply.version}; this program speaks {VERSION}"
        self.cue(ANSWERS[op])
        return None

    def saw_data(self) -> None:
        """Take note that DATA frames are coming: START was heard, whether or not its answer arrived."""
        self._has_data = True
        self._is_silent = False
        if self.state is State.STARTING:
            self.cue(Cue.STARTED)

    def tick(self, now_ns: int) -> None:
        """Take note of the time: send an overdue command again, greet anew a sensor that fell silent."""
        if self.state is State.STREAMING:
            self._watch(now_ns)
        if self.state not in COMMANDS:
            return
        if self._sent_ns is None:
            self._sent_ns = now_ns
        if now_ns - self._sent_ns < ANSWER_NS:
            return
        if self.state is State.GREETING and self._has_data and self.n_sent >= GREETINGS_BEFORE_LISTENING:
            self.cue(Cue.UNHEARD)
            return
        self._send()
        self._sent_ns = now_ns

    def _watch(self, now_ns: int) -> None:
        """Notice that no data came for long: the sensor may have rebooted without the link noticing."""
        if self._heard_ns is None or not self._is_silent:
            self._heard_ns = now_ns
        self._is_silent = True
        if now_ns - self._heard_ns >= SILENCE_NS:
            self.cue(Cue.SILENT)

    def commands_to_send(self) -> list[Command]:
        """Return the commands to send now, and forget them."""
        commands = list(self._commands)
        self._commands.clear()
        return commands

    def _send(self) -> None:
        """Queue the open command."""
        op, args = COMMANDS[self.state]
        self._commands.append(Command(op, self._tag, args))
        self.n_sent += 1
        self._sent_ns = None
