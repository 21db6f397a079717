"""How a device that does not speak OML/1 speaks: its packets cut, and translated into OML/1 frames. No I/O.

Everything behind the translation (loss, clocks, restarts, blocks) is the one path that OML/1 takes too. So a driver
says only what is peculiar to its device: where a packet begins and ends, what its counters mean, which commands it
wants. Two rules keep a recording true:

- `cut` keeps every byte: what is no packet comes out as a damaged frame.
- `translate` depends on the recorded frames alone, never on what was sent or when, so that a recording can be decoded
  again, also by a better driver.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from firingorder_signal.blocks import SyncClass

from ..buffer import RawFrame
from ..envelope import ClockParams
from ..events import BridgeEvent
from ..frames import Frame
from ..session import State


@dataclass(frozen=True)
class UnitFrame:
    """A frame of one of several sensors behind one link, as behind a radio's base station."""

    uid: str
    frame: Frame


#: What a packet says: frames of the sensor on the link, frames of one of several, or an event in so many words.
Spoken = Frame | UnitFrame | BridgeEvent


class Dialect(ABC):
    """One conversation with one device.

    Packets that came together are best kept together: a `RawFrame` is a run of whole packets, and `translate` makes one
    DATA frame of it with numpy, so that a device with a packet a sample costs no more than others.

    Attributes
    ----------
    spec
        What the recording calls it, with every setting that `translate` needs: `bitalino rate=1000 channels=1,2`.
    sync
        `HARDWARE` where several converters share the clock and the device keeps them in step. With one converter
        nothing is to be said: streams of one clock are of class A.
    clock
        What the clock estimator takes for granted of the link and of the device's oscillator.
    announces
        Whether all sensors and streams are described before the first samples; else each is learnt as it comes.
    units
        Sensors that the user expects behind the link: uid, and where it sits as he wrote it.
    """

    spec: str
    sync: SyncClass = SyncClass.UNVERIFIED
    clock: ClockParams = ClockParams()
    announces: bool = True
    units: Mapping[str, str] = MappingProxyType({})

    @property
    def bytes_a_second(self) -> float | None:
        """Return what comes over the link, where several devices share it; None where the maker has made one fit."""
        return None

    @abstractmethod
    def cut(self, chunk: bytes, t_host_ns: int) -> list[RawFrame]:
        """Take the next chunk; return runs of whole packets, and as damaged what is none."""

    @abstractmethod
    def flush(self, t_host_ns: int) -> list[RawFrame]:
        """Return what is begun as damage, and forget it: nothing follows on this link, and every byte is kept."""

    @abstractmethod
    def translate(self, frame: RawFrame) -> list[Spoken]:
        """Say in OML/1 what a recorded run of packets says. Identity and descriptors come before the first samples."""

    @abstractmethod
    def reset(self) -> None:
        """Forget a begun packet and what is being waited for: the link was lost."""

    @abstractmethod
    def open(self) -> None:
        """Begin, or begin again: the link is open."""

    @abstractmethod
    def start(self) -> None:
        """Ask for data."""

    @abstractmethod
    def stop(self) -> None:
        """Ask the device to stop."""

    @abstractmethod
    def tick(self, now_ns: int) -> None:
        """Take note of the time, monotonic ns: a command without an answer is due again."""

    @abstractmethod
    def data_to_send(self) -> bytes:
        """Return the bytes to write now, and forget them; empty when there are none."""

    @property
    @abstractmethod
    def state(self) -> State:
        """Where the conversation is; READY once the device is known and waits, STOPPING until it has stopped."""
