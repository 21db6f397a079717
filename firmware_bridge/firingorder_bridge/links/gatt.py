"""Open Muscle Link 1 on Bluetooth Low Energy: the service, its characteristics, what is read from them.

`docs/wire.md`, section 1, is the specification. The base is a random UUID (version 4) made for this protocol.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ..messages import Capability, HelloReply

_BASE = "881d{:04x}-5e7f-4c55-840b-f1c2458de17d"

SERVICE = _BASE.format(0)
#: Read: the data of HELLO's answer, so that a sensor is known by its uid before anything is started.
INFO = _BASE.format(1)
#: Write: CMD frames. Notify: RSP frames.
COMMAND = _BASE.format(2)
#: Notify: DATA and DESC frames of EMG streams.
EMG = _BASE.format(3)
#: Notify: everything else.
MOTION = _BASE.format(4)
#: All that must be subscribed to before START.
NOTIFYING = (COMMAND, EMG, MOTION)
#: The MTU that the service is made for, and the bytes of it that are no payload (Core 5.4, volume 3, part F, 3.4.7.1).
MTU, ATT_HEADER = 247, 3
#: What a connection has before anything was agreed on (the same, part G, 5.2.1).
MTU_LEAST = 23


@dataclass(frozen=True)
class RadioIdentity:
    """Who a sensor says it is, before a conversation.

    Attributes
    ----------
    needs_bond
        It gives its data over an encrypted link to a bonded host alone.
    """

    uid: str
    needs_bond: bool

    @classmethod
    def decode(cls, info: bytes) -> "RadioIdentity | None":
        """Read the value of INFO; None where it is too short to be one."""
        reply = HelloReply.decode(info)
        if reply is None:
            return None
        return cls(reply.uid.hex(), bool(reply.capabilities & Capability.NEEDS_BOND))


@dataclass(frozen=True)
class RadioProfile:
    """How a kind of sensor is met on the radio.

    Attributes
    ----------
    notifying
        The characteristics that must be subscribed to before anything comes.
    info, identify
        What is read to know who is there, and how; None where nothing can be read.
    command
        Where commands are written; None where there are none.
    advertised
        It advertises its service. Where it does not, it is known by name and address alone.
    letters
        It advertises only so many letters of its name; the whole is in `info`. 0 where the name is whole.
    begins
        What the names of sensors that do not advertise their service begin with, in small letters: by this they are
        listed. Empty for all others.
    keeps_address
        Its address is its own for good, so that after a loss nobody else is taken for it.
    """

    service: str
    notifying: tuple[str, ...]
    info: str | None
    identify: Callable[[bytes], RadioIdentity | None]
    command: str | None
    advertised: bool = True
    letters: int = 0
    begins: str = ""
    keeps_address: bool = False


OML = RadioProfile(SERVICE, NOTIFYING, INFO, RadioIdentity.decode, COMMAND)
