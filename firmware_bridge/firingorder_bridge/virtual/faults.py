"""What can go wrong, as a small language: `KIND[:TARGET][@START[-END]][:VALUE]`, times in patient seconds.

`flip:1e-5`, `lose:B:0.01`, `drop@10-20:0.05`, `stall@20:0.8`, `burst@5-15:0.2`, `restart:A@25`, `reboot@25`,
`electrode-off:glute@20-40`, `knock:glute@20:300`, `unplug@30`, `swap:channels`. A target
is a sensor's name or a muscle on it; without one all are meant.
"""

import math
import re
from dataclasses import dataclass
from enum import Enum


class FaultKind(Enum):
    """What goes wrong; the value's meaning is in brackets.

    FLIP: bits turn over on the way (probability a bit). LOSE: frames vanish on the way (probability). DROP: the device
    itself drops frames (probability). STALL: nothing arrives, then all at once (seconds). BURST: frames come in bunches
    (period, seconds). RESTART: the clock and all counters begin anew, the stream goes on. REBOOT: the same, and the
    device waits for START again. ELECTRODE_OFF: an electrode hangs free. UNPLUG: the cable is pulled.
    SWAP: names are exchanged, from the start (target: channels, segments, sensors or sides; `hardware.py`).
    KNOCK: electrode and housing are struck (leap of the input, microvolts).
    """

    FLIP = "flip"
    LOSE = "lose"
    DROP = "drop"
    STALL = "stall"
    BURST = "burst"
    RESTART = "restart"
    REBOOT = "reboot"
    ELECTRODE_OFF = "electrode-off"
    UNPLUG = "unplug"
    KNOCK = "knock"
    SWAP = "swap"


DEFAULTS = {
    FaultKind.FLIP: 1e-5,
    FaultKind.LOSE: 0.01,
    FaultKind.DROP: 0.01,
    FaultKind.STALL: 0.8,
    FaultKind.BURST: 0.2,
    FaultKind.KNOCK: 300.0,
}
PROBABILITIES = (FaultKind.FLIP, FaultKind.LOSE, FaultKind.DROP)
# These happen at a moment, so they need one.
MOMENTS = (FaultKind.STALL, FaultKind.RESTART, FaultKind.REBOOT, FaultKind.UNPLUG, FaultKind.KNOCK)

# What a SWAP can exchange.
SWAPS = ("channels", "segments", "sensors", "sides")

_FAULT = re.compile(
    r"(?P<kind>[a-z-]+)(:(?P<target>[A-Za-z]\w*))?(@(?P<start>[\d.]+)(-(?P<end>[\d.]+))?)?(:(?P<value>[-+.\de]+))?"
)


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong.

    Attributes
    ----------
    target
        Sensor name or muscle, lower case; None = all.
    start_s, end_s
        Patient seconds between which it holds; a fault of a moment happens at `start_s`.
    """

    kind: FaultKind
    target: str | None = None
    start_s: float = -math.inf
    end_s: float = math.inf
    value: float = 0.0

    @classmethod
    def parse(cls, text: str) -> "Fault":
        """Read one fault; raise ValueError, saying what is wrong, for anything else.

        Examples
        --------
        >>> Fault.parse("stall:B@20:0.8")
        Fault(kind=<FaultKind.STALL: 'stall'>, target='b', start_s=20.0, end_s=inf, value=0.8)
        """
        match = _FAULT.fullmatch(text)
        kinds = {kind.value: kind for kind in FaultKind}
        if match is None or match["kind"] not in kinds:
            known = ", ".join(kinds)
            raise ValueError(f"fault {text!r}: expected KIND[:TARGET][@START[-END]][:VALUE] with KIND one of {known}")
        kind = kinds[match["kind"]]
        try:
            start_s = float(match["start"]) if match["start"] else -math.inf
            end_s = float(match["end"]) if match["end"] else math.inf
            value = float(match["value"]) if match["value"] else DEFAULTS.get(kind, 0.0)
            target = match["target"].lower() if match["target"] else None
            return cls(kind, target, start_s, end_s, value)
        except ValueError as error:
            raise ValueError(f"fault {text!r}: {error}") from error

    def __post_init__(self) -> None:
        """Refuse what cannot happen: a mistake of the caller."""
        if self.kind in MOMENTS and math.isinf(self.start_s):
            raise ValueError(f"say when, such as {self.kind.value}@30")
        if self.kind in PROBABILITIES and not 0.0 <= self.value <= 1.0:
            raise ValueError(f"{self.value:g} is no probability; expected 0 to 1")
        if self.kind in (FaultKind.STALL, FaultKind.BURST) and self.value <= 0.0:
            raise ValueError(f"{self.value:g} s is no duration")
        if self.kind is FaultKind.SWAP and self.target not in SWAPS:
            raise ValueError(f"say what is exchanged, one of {', '.join(SWAPS)}")
        if self.end_s <= self.start_s:
            raise ValueError("it ends before it starts")

    def concerns(self, names: tuple[str, ...]) -> bool:
        """Whether it is meant for a sensor or muscle with one of these names."""
        return self.target is None or self.target in [name.lower() for name in names]

    def holds(self, patient_s: float) -> bool:
        """Whether it is on at this patient time; before the set only faults without a time are."""
        return self.start_s <= patient_s < self.end_s
