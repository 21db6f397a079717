"""The truth as a record beside the stream: plain data, ready for JSON, in patient seconds and on the host's clock."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .plan import LiftPlan
from .settings import SetParams

SCHEMA = "firingorder-truth/1"


@dataclass(frozen=True)
class LiftTruth:
    """One lift: patient seconds, degrees, lag = t(glute) - t(hamstring); onsets of the sites that switch on."""

    number: int
    move_s: float
    top_s: float
    lower_s: float
    end_s: float
    hip_range_deg: float
    tilt_range_deg: float
    onsets_s: dict[str, float]
    lag_s: float | None

    @classmethod
    def of(cls, lift: LiftPlan, params: SetParams) -> "LiftTruth":
        """Say what is true of a planned lift of this patient."""
        active = {name: muscle for name, muscle in params.muscles.items() if muscle.snr_db is not None}
        onsets_s = {str(muscle.site): lift.onsets_s[name] for name, muscle in active.items()}
        lag_s = lift.lag_s if len(active) == len(params.muscles) else None
        times = (lift.move_s, lift.top_s, lift.lower_s, lift.end_s)
        return cls(lift.number, *times, lift.hip_deg, lift.tilt_deg, onsets_s, lag_s)


@dataclass(frozen=True)
class SetTruth:
    """One set: where patient time 0 lies on the host's monotonic clock, and the lifts."""

    set_number: int
    task: str
    host_origin_ns: int | None
    lifts: tuple[LiftTruth, ...]


@dataclass(frozen=True)
class ClockTruth:
    """A sensor's clock as it truly was when the set began, and who the sensor is.

    Attributes
    ----------
    device_us_at_origin
        What the sensor's clock showed at patient time 0.
    rate_ppm
        How much too fast it ran then.
    """

    name: str
    uid: str
    muscle: str
    segment: str
    device_us_at_origin: int
    rate_ppm: float
    boot_id: int


@dataclass
class Truth:
    """Everything a test may compare with; grows as sets begin and faults happen."""

    seed: int
    params: dict[str, Any]
    sets: list[SetTruth] = field(default_factory=list[SetTruth])
    clocks: list[ClockTruth] = field(default_factory=list[ClockTruth])
    faults: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])  # done on request, world seconds

    def to_json(self) -> str:
        """Write the truth as one indented JSON object."""
        return json.dumps({"schema": SCHEMA, **asdict(self)}, indent=1, default=_plain)

    def write(self, path: Path) -> None:
        """Replace the file in one step, so that a reader never sees half of it."""
        beside = path.with_name(path.name + ".part")
        beside.write_text(self.to_json() + "\n", encoding="utf-8")
        os.replace(beside, path)


def describe(params: SetParams) -> dict[str, Any]:
    """Turn the parameters of a set into plain data."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(params), default=_plain))
    for name, muscle in params.muscles.items():
        plain[name]["site"] = str(muscle.site)
    return plain


def _plain(value: object) -> object:
    return getattr(value, "value", str(value))
