"""Delsys Trigno: the TCP server of the Trigno Control Utility, up to sixteen sensors of EMG and motion on one base.

Sources: axopy/pytrigno (`pytrigno.py`) and LibEMG (`libemg/_streamers/_delsys_streamer.py`) for ports, command lines
and samples; louisgevers/delsys-trigno-client for the greeting; Trigno Wireless System SDK User Guide (MAN-025) and
BCI2000's Delsys module, as quoted in public code, for the questions a server answers. Written anew from those facts;
no real base was at hand.

The server greets on port 50040 and answers one command at a time: lines that end with two line ends. EMG comes on 50043
(16 x float32, little-endian, a sample instant: 64 B), motion on 50044 (16 x 9 x float32, 576 B, 148 Hz); older sensors'
on 50041 and 50042 (16 x 3, acceleration alone). Nothing tells where an instant begins but counting from the first
byte, so a read that ends anywhere must never lose count: bytes are kept until an instant is whole.

What a recording holds. Each chunk and each recorded run begins with a byte that tells its port: `C` words of the server
that nobody asked for, `E` whole instants of EMG, `A` of motion. An answer does not name its question, so it is recorded
as `Q`, the question, the answer, each with its end. From these alone everything is decoded.

There is no clock and no counter on the wire: TCP loses nothing, so device time is the number of samples since START at
the nominal rate. All sensors share the base's clock, but each has a converter of its own that the base keeps in step
(Trigno user's guide MAN-031, "Data Synchronization"): class B. A lost connection is a new start.

Settings: `sensors` (`1,2`; default: all that are paired), `rate` (`native`: as the sensors are set; `2000`, `1926`: the
base converts), `era` (`avanti`, `old`), `ports` (`50040,50043,50044`; two of them: no motion), `sites` of the EMG
channels in the order of `sensors`, `segments` of the inertial units in the same order, `id`.
"""

from collections import deque

import numpy as np

from firingorder_signal.blocks import SyncClass

from ..buffer import RawFrame
from ..envelope import ClockParams
from ..events import Refused, RefusedWhat, SensorIdentified
from ..frames import Flag, Frame, FrameType
from ..links.base import Link
from ..links.tcp_link import TcpLink, TcpPort
from ..session import State
from .catalogue import Settings, write_speech
from .delsys_setup import MAX_SAMPLES, N_SENSORS, SLOTS, PortStream, follow_ups, read_setup, say_paired
from .dialect import Dialect, Spoken
from .settings import check_names, name_device, read_choice, read_numbers, read_sites

KIND = "delsys"
SETTINGS = ("sensors", "rate", "era", "ports", "sites", "segments", "id")
PORTS = {"avanti": (50040, 50043, 50044), "old": (50040, 50041, 50042)}
#: Columns of a sensor on the port of motion.
AUX_WIDTH = {"avanti": 9, "old": 3}
END = b"\r\n\r\n"
GREETING = b"Delsys Trigno System Digital Protocol"
WORDS, ANSWER, EMG, AUX = b"C", b"Q", b"E", b"A"
#: No answer is as long.
WORDS_MAX = 4096
#: A server that cannot start is asked again, for the base may still be switched on (J).
AGAIN_NS = 2_000_000_000
#: How the base is to convert, as commands; an older server does not know them and says so.
RATES = {
    "native": ("BACKWARDS COMPATIBILITY OFF",),
    "2000": ("BACKWARDS COMPATIBILITY ON", "UPSAMPLE ON"),
    "1926": ("BACKWARDS COMPATIBILITY ON", "UPSAMPLE OFF"),
}
HINT = "Start the Trigno Control Utility there, connect the base, and let the firewall pass its ports."


class DelsysDialect(Dialect):
    """The conversation with one base; see the module."""

    sync = SyncClass.HARDWARE
    # The server hands over every 13.5 ms what was sampled in them, so that the delay is the same each time: no slots.
    clock = ClockParams()

    def __init__(self, settings: Settings) -> None:
        check_names(settings, SETTINGS)
        self.rate = read_choice(settings, "rate", "native", tuple(RATES))
        self.era = read_choice(settings, "era", "avanti", tuple(PORTS))
        self.ports = read_numbers(settings, "ports") or PORTS[self.era]
        self.sensors = read_numbers(settings, "sensors")
        if len(self.ports) not in (2, 3) or max(self.ports) > 65535:
            raise ValueError("ports must be two or three: of commands, EMG, and motion; such as 50040,50043,50044")
        if max(self.sensors, default=1) > N_SENSORS:
            raise ValueError(f"sensors must be some of 1 to {N_SENSORS}; got {settings['sensors']!r}")
        self.spec = write_speech(KIND, settings)
        self._wanted = self.sensors or tuple(range(1, N_SENSORS + 1))
        self._sites = read_sites(settings, N_SENSORS)
        self._segments = read_sites({"sites": settings.get("segments", "")}, len(self._wanted))
        self._aux_width = AUX_WIDTH[self.era] if len(self.ports) == 3 else 0
        self._row_bytes = {EMG: 4 * N_SENSORS, AUX: 4 * N_SENSORS * (self._aux_width or 1)}
        self._id = settings.get("id", KIND)
        self._begun: dict[bytes, bytes] = {}
        self._state = State.CLOSED
        self._wants_data = False
        self._to_ask: deque[str] = deque()
        self._asked: deque[str] = deque()
        self._again_ns: int | None = None
        self._n_paired = 0
        self._out = b""
        self._answers: dict[str, str] = {}
        self._streams: tuple[PortStream, ...] = ()
        self._payloads: dict[int, bytes] = {}
        self._desc_ids: dict[int, int] = {}
        self._seqs: dict[int, int] = {}
        self._indices: dict[int, int] = {}
        self._restarted: set[int] = set()
        self._rest: dict[bytes, bytes] = {}
        self._told = False

    # --- bytes to runs of instants

    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut a chunk, which begins with the tag of its port; see `Dialect.cut`."""
        tag = chunk[:1]
        if tag == ANSWER:  # out of a recording
            return [RawFrame(t_host_ns, chunk)]
        if tag == WORDS:
            return self._cut_words(chunk[1:], t_host_ns)
        size = self._row_bytes.get(tag)
        if size is None:
            return [RawFrame(t_host_ns, chunk, True)]
        data = self._begun.get(tag, b"") + chunk[1:]
        n_whole = len(data) // size * size
        self._begun[tag] = data[n_whole:]
        if self._state is State.STARTING and n_whole:
            self._state = State.STREAMING
        return [RawFrame(t_host_ns, tag + data[:n_whole])] if n_whole else []

    def _cut_words(self, data: bytes, t_host_ns: int) -> list[RawFrame]:
        """Cut what the server says into answers and words of its own."""
        *ended, rest = (self._begun.get(WORDS, b"") + data).split(END)
        found: list[RawFrame] = []
        for words in ended:
            if self._asked:
                question = self._asked.popleft()
                found.append(RawFrame(t_host_ns, ANSWER + question.encode() + END + words + END))
                self._hear_answer(question, _read_words(words))
            else:
                found.append(RawFrame(t_host_ns, WORDS + words + END))
                self._hear_words(words)
        if len(rest) > WORDS_MAX:
            found.append(RawFrame(t_host_ns, WORDS + rest, True))
            rest = b""
        self._begun[WORDS] = rest
        return found

    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return begun instants and words, each with its tag; see `Dialect.flush`."""
        begun = [RawFrame(t_host_ns, tag + data, True) for tag, data in sorted(self._begun.items()) if data]
        self._begun.clear()
        return begun

    # --- runs of instants to frames

    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Translate words, an answer or a run of instants; see `Dialect.translate`."""
        tag, data = frame.data[:1], frame.data[1:]
        if tag == WORDS:
            return self._greet(data)
        if tag == ANSWER:
            question, _, answer = data.partition(END)
            return self._learn(_read_words(question), _read_words(answer))
        if tag not in self._row_bytes:
            return []
        said = [] if self._told else self._introduce()
        # Runs are whole instants, unless other settings than these cut them.
        data, size = self._rest.pop(tag, b"") + data, self._row_bytes[tag]
        n_bytes = len(data) // size * size
        if n_bytes < len(data):
            self._rest[tag] = data[n_bytes:]
        rows = np.frombuffer(data[:n_bytes], "<f4").reshape(-1, size // 4)
        for stream in self._streams:
            if stream.tag == tag:
                values = rows[:, list(stream.columns)]
                for first in range(0, len(values), MAX_SAMPLES):
                    piece = values[first : first + MAX_SAMPLES]
                    said.append(self._data(stream, len(piece), piece.tobytes()))
        return said

    def _greet(self, words: bytes) -> list[Spoken]:
        """Begin anew with a greeting; say it where somebody else is there."""
        if words.startswith(GREETING):
            self._answers, self._told = {}, False
            self._rest.clear()
            return []
        text = f"this is no Trigno server: it says {_read_words(words)[:60]!r}. {HINT}"
        return [] if self._answers else [Refused(RefusedWhat.COMMAND, text)]

    def _learn(self, question: str, answer: str) -> list[Spoken]:
        """Take note of an answer; where it is the one to START, all is known."""
        self._answers[question] = answer
        if question == "START":
            if answer.startswith("OK"):
                # Data may have come before the answer: the two sockets have no order between them.
                return [] if self._told else self._introduce()
            text = f"the Trigno server cannot start ({answer}). Is the base connected and on, and licensed, and no"
            return [Refused(RefusedWhat.COMMAND, f"{text} trigger or other program waited for?")]
        if question.endswith(" PAIRED?") and self._nobody_is_paired:
            wanted = ", ".join(map(str, self._wanted)) if self.sensors else "any"
            text = f"none of the sensors wanted ({wanted}) is paired with this base; pair them in the vendor's program"
            return [Refused(RefusedWhat.COMMAND, f"{text}{say_paired(self._answers)}")]
        return []

    @property
    def _nobody_is_paired(self) -> bool:
        """Whether every sensor wanted has been asked for in vain, and all others asked for too."""
        known = all(f"SENSOR {sensor} PAIRED?" in self._answers for sensor in SLOTS)
        return known and all(self._answers.get(f"SENSOR {sensor} PAIRED?") == "NO" for sensor in self._wanted)

    def _introduce(self) -> list[Spoken]:
        """Say who it is and what it sends. Where it has sent before, its counters begin again."""
        wanted = self._wanted
        if not self.sensors:
            wanted = tuple(n for n in wanted if self._answers.get(f"SENSOR {n} PAIRED?") != "NO")
        setup = read_setup(self._answers, wanted, self._sites, self._segments, self._aux_width)
        self._told, self._streams = True, setup.streams
        serial = "".join(letter for letter in self._answers.get("BASE SERIAL?", "") if letter.isalnum())
        known = bool(serial) and not serial.startswith(("INVALID", "CANNOT"))
        said: list[Spoken] = [
            SensorIdentified(f"trigno-{serial}" if known else self._id, declared=known),
            *(Refused(RefusedWhat.COMMAND, text) for text in setup.refused),
        ]
        for stream in setup.streams:
            number, payload = stream.number, stream.descriptor.encode()
            if self._payloads.get(number) != payload:
                self._desc_ids[number] = (self._desc_ids.get(number, -1) + 1) % 256
                self._payloads[number] = payload
                desc_id, seq = self._desc_ids[number], self._next_seq(number)
                said.append(Frame(FrameType.DESC, number, seq, desc_id=desc_id, payload=payload))
        if any(self._indices.values()):
            self._restarted = set(self._payloads)
            self._seqs.clear()
        self._indices.clear()
        return said

    def _data(self, stream: PortStream, n_samples: int, payload: bytes) -> Frame:
        """Make the next DATA frame of a stream."""
        number, descriptor = stream.number, stream.descriptor
        index = self._indices.get(number, 0)
        self._indices[number] = index + n_samples
        flags = Flag.CLOCK_RESTARTED if number in self._restarted else 0
        self._restarted.discard(number)
        return Frame(
            FrameType.DATA,
            stream=number,
            seq=self._next_seq(number),
            index=index % 2**32,
            t_us=index * 1_000_000 * descriptor.rate_den // descriptor.rate_num % 2**32,
            n_samples=n_samples,
            flags=flags,
            desc_id=self._desc_ids[number],
            payload=payload,
        )

    def _next_seq(self, number: int) -> int:
        """Return the number of a stream's next frame."""
        self._seqs[number] = (self._seqs.get(number, -1) + 1) % 65536
        return self._seqs[number]

    # --- the conversation

    @property
    def state(self) -> State:
        """Where the conversation is; see `Dialect.state`."""
        return self._state

    def open(self) -> None:
        """Wait for the greeting: the server speaks first."""
        self._state, self._n_paired = State.GREETING, 0
        self._to_ask.clear()
        self._asked.clear()

    def start(self) -> None:
        """Ask for data once all questions are answered."""
        self._wants_data = True
        if self._state is State.READY and self._n_paired:
            self._ask_start()

    def stop(self) -> None:
        """Ask it to stop."""
        self._wants_data = False
        if self._state in (State.STARTING, State.STREAMING):
            self._state = State.STOPPING
            self._ask("STOP")

    def reset(self) -> None:
        """Forget what was begun; see `Dialect.reset`."""
        self._begun.clear()
        self._to_ask.clear()
        self._asked.clear()
        self._out, self._again_ns = b"", None
        self._state = State.CLOSED

    def tick(self, now_ns: int) -> None:
        """Ask a server that could not start again."""
        if self._state is not State.STARTING or self._asked:
            return
        if self._again_ns is None:
            self._again_ns = now_ns + AGAIN_NS
        elif now_ns >= self._again_ns:
            self._ask_start()

    def data_to_send(self) -> bytes:
        """Return the command that is due."""
        out, self._out = self._out, b""
        return out

    def _hear_words(self, words: bytes) -> None:
        """Begin to ask where a Trigno server greets."""
        if self._state is not State.GREETING:
            return
        if not words.startswith(GREETING):
            self._state = State.REFUSED
            return
        self._state = State.DESCRIBING
        about = ("BASE SERIAL?", "BASE FIRMWARE?", "FRAME INTERVAL?", "MAX SAMPLES EMG?", "MAX SAMPLES AUX?")
        # The others' answers are said where a wanted one is missing.
        slots = (*self._wanted, *(slot for slot in SLOTS if slot not in self._wanted))
        paired = [f"SENSOR {slot} PAIRED?" for slot in slots]
        self._to_ask.extend(["ENDIAN LITTLE", *RATES[self.rate], *about, *paired])
        self._ask_next()

    def _hear_answer(self, question: str, answer: str) -> None:
        """Go on to the next question."""
        if question == "START":
            if answer.startswith("OK") and self._state is State.STARTING:
                self._state = State.STREAMING
        elif question == "STOP":
            self._state = State.READY
        else:
            wanted = not question.endswith(" PAIRED?") or int(question.split()[1]) in self._wanted
            if wanted and question.endswith(" PAIRED?"):
                self._n_paired += answer != "NO"  # an old server does not know the question
            if wanted:
                self._to_ask.extendleft(reversed(follow_ups(question, answer, aux=self._aux_width > 0)))
            self._ask_next()

    def _ask_next(self) -> None:
        """Ask what is to be asked; then start, where data is wanted."""
        if self._to_ask:
            self._ask(self._to_ask.popleft())
            return
        self._state = State.READY
        if self._wants_data and self._n_paired:
            self._ask_start()

    def _ask_start(self) -> None:
        """Ask for data."""
        self._state, self._again_ns = State.STARTING, None
        self._ask("START")

    def _ask(self, question: str) -> None:
        """Send a command; what the server says next is its answer."""
        self._asked.append(question)
        self._out += question.encode() + END


def _read_words(words: bytes) -> str:
    """Return what the server says as text."""
    return words.decode("ascii", "replace").strip()


def make_dialect(settings: Settings) -> Dialect:
    """Make the conversation; see `catalogue.Kind`."""
    return DelsysDialect(settings)


def make_link(where: str, settings: Settings) -> Link:
    """Make the link; see `catalogue.Kind`."""
    dialect = DelsysDialect({"id": name_device(KIND, where), **settings})
    ports = [TcpPort(port, tag) for port, tag in zip(dialect.ports, (WORDS, EMG, AUX), strict=False)]
    return TcpLink(where, ports, f"{KIND}:{where}", dialect.spec, HINT)
