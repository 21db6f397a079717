"""Recordings that make every kind of report, simulated: one side, two, none named, a range, static sets, many lifts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from firingorder_bridge.virtual.sets import simulate_set
from firingorder_bridge.virtual.settings import MuscleParams, SetParams
from firingorder_session.events.guide_events import write_step
from firingorder_session.events.hold_events import HoldEnded
from firingorder_session.events.live_events import Origin
from firingorder_session.recordings.recording import ArrayRecording, ArrayStream, Recording, RecordingInfo
from firingorder_session.recordings.recording_writer import EventRow
from firingorder_session.setting_up.references import REFERENCE, Reference, ReferenceKind
from firingorder_signal.blocks import FloatArray, Side, Site, StreamInfo, StreamKind

#: Little rest between lifts: what is tested is the page.
QUICK = SetParams(n_lifts=6, quiet_s=4.0, rest_s=2.5, tail_s=1.5)
CREATED = "2026-03-02T09:30:00+01:00"
#: Quiet at the beginning of a set that stands for a leg at rest, seconds.
QUIET_S = 3
#: A converter of 16 bits over ±4 mV, microvolts.
STEP_UV = 4000.0 / 32768


class NotedRecording(ArrayRecording):
    """Arrays with events."""

    noted: tuple[EventRow, ...] = ()

    def events(self) -> Sequence[EventRow]:
        """Return them."""
        return self.noted


def info(protocol: str) -> RecordingInfo:
    return RecordingInfo(
        "visit.fo",
        "fo:0123456789abcdef",
        Origin.SIMULATED,
        created=CREATED,
        software_version="0.1.0",
        format_name="FiringOrder recording",
        protocol=protocol,
        subject="K7Q2",
    )


def on_side(params: SetParams, side: Side) -> SetParams:
    """Put both muscles on a side."""
    hamstring, glute = (replace(each, site=Site(each.site.part, side)) for each in (params.hamstring, params.glute))
    return replace(params, hamstring=hamstring, glute=glute)


def streams_of(params: SetParams, seed: int) -> list[tuple[StreamInfo, FloatArray]]:
    """Simulate a set as a converter of 16 bits would give it."""
    return [
        (replace(stream, range_uv=4000.0), np.round(values / STEP_UV) * STEP_UV)
        if stream.kind is StreamKind.EMG
        else (stream, values)
        for stream, values in simulate_set(params, seed).streams()
    ]


def one_side(protocol: str = "prone_hip_extension", params: SetParams = QUICK, seed: int = 3) -> ArrayRecording:
    return ArrayRecording(info(protocol), [ArrayStream(*pair) for pair in streams_of(params, seed)])


def two_sides(left: SetParams = QUICK, right: SetParams = QUICK) -> Recording:
    """Join the right leg's set and the left's; the leg that is not in turn rests, the pelvis is one."""
    sets = [
        streams_of(on_side(params, side), seed) for params, side, seed in ((right, Side.RIGHT, 5), (left, Side.LEFT, 6))
    ]
    arrays: list[ArrayStream] = []
    for first, own in ((True, sets[0]), (False, sets[1])):
        other = sets[1] if first else sets[0]
        for (stream, values), (_, others) in zip(own, other, strict=True):
            if stream.sites[0].part == "pelvis":
                if first:
                    arrays.append(ArrayStream(stream, np.concatenate([values, others])))
                continue
            rest = resting(values, len(others), float(stream.rate_hz))
            whole = np.concatenate([values, rest] if first else [rest, values])
            named = replace(stream, stream_id=f"{stream.stream_id}-{stream.sites[0].side.value}")
            arrays.append(ArrayStream(named, whole))
    return ArrayRecording(info("prone_hip_extension"), arrays)


def resting(values: FloatArray, n_rows: int, rate_hz: float) -> FloatArray:
    """Go on resting for so many rows, as in the first seconds."""
    quiet = values[: round(QUIET_S * rate_hz)]
    return np.tile(quiet, (n_rows // len(quiet) + 1, 1))[:n_rows]


def not_judged() -> Recording:
    """Signals so close to rest that no order is judged."""
    muscles = (replace(QUICK.hamstring, snr_db=8.0), replace(QUICK.glute, snr_db=8.0))
    return one_side(params=replace(QUICK, hamstring=muscles[0], glute=muscles[1]))


def silent_glute() -> Recording:
    return one_side(params=replace(QUICK, glute=replace(QUICK.glute, snr_db=None)))


def silent(muscle: MuscleParams) -> MuscleParams:
    return replace(muscle, snr_db=None)


def passive_range() -> Recording:
    """Let the examiner lift: neither muscle switches on."""
    params = replace(QUICK, n_lifts=3, hamstring=silent(QUICK.hamstring), glute=silent(QUICK.glute))
    return one_side("hip_extension_range_passive", params)


def active_range() -> Recording:
    return one_side("hip_extension_range_active", replace(QUICK, n_lifts=3))


def many_lifts() -> Recording:
    return one_side(params=replace(QUICK, n_lifts=24))


def unnamed() -> Recording:
    """Channels of which nobody said where they sit."""
    rng = np.random.default_rng(1)
    stream = StreamInfo("box/0", StreamKind.EMG, (Site("unknown"),) * 2, Fraction(1000), labels=("A1", "A2"))
    return ArrayRecording(info("emg_bursts"), [ArrayStream(stream, rng.normal(0.0, 3.0, (8000, 2)))])


def static_set(
    efforts: Mapping[Side, tuple[float, float]] | None = None, *, n_holds: int = 3, reference: bool = True
) -> Recording:
    """Make holds of 16 s with 4 s between them; efforts are shares of the own maximum, glute and hamstring."""
    efforts = efforts or {Side.RIGHT: (0.5, 0.2)}
    rng, rate = np.random.default_rng(2), 1000
    hold_s, pause_s, before_s = 16, 4, 4
    level = np.zeros((before_s + n_holds * (hold_s + pause_s)) * rate)
    holds: list[HoldEnded] = []
    for number in range(n_holds):
        start_s = before_s + number * (hold_s + pause_s)
        level[start_s * rate : (start_s + hold_s) * rate] = 1.0
        complete = number < n_holds - 1 or n_holds == 1
        holds.append(HoldEnded(float(start_s + hold_s), number + 1, Side.MIDDLE, float(start_s), complete))
    arrays, noted = list[ArrayStream](), list[EventRow]()
    for side, both in efforts.items():
        for part, share in zip(("gluteus_maximus", "hamstring_lateral"), both, strict=True):
            site = Site(part, side)
            noise = rng.normal(0.0, 1.0, len(level))
            values = (3.0 + 200.0 * share * level) * noise
            stream = StreamInfo(f"{part}-{side.value}/0", StreamKind.EMG, (site,), Fraction(rate), clock_id="box")
            arrays.append(ArrayStream(stream, values[:, np.newaxis]))
            if reference:
                data = Reference(site, ReferenceKind.MAXIMUM, 190.0, 0.05, 3).to_json()
                noted.append(EventRow(len(noted), None, 0, REFERENCE, data))
    noted += [EventRow(len(noted) + n, None, n + 1, *write_step(hold)) for n, hold in enumerate(holds)]
    recording = NotedRecording(info("glute_set"), arrays)
    recording.noted = tuple(noted)
    return recording


#: Every kind of page.
RECORDINGS: Mapping[str, Callable[[], Recording]] = {
    "one_side": one_side,
    "two_sides": two_sides,
    "not_judged": not_judged,
    "silent_glute": silent_glute,
    "passive_range": passive_range,
    "active_range": active_range,
    "many_lifts": many_lifts,
    "unnamed": unnamed,
    "static_set": static_set,
    "static_two_sides": lambda: static_set({Side.LEFT: (0.4, 0.3), Side.RIGHT: (0.55, 0.2)}, n_holds=5),
    "static_no_reference": lambda: static_set(reference=False, n_holds=1),
}
