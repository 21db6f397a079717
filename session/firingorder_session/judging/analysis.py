"""Analyze a recording: its blocks through the pipeline, the same way they went when it was live."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from itertools import zip_longest
from typing import Any

from firingorder_signal.blocks import SampleBlock, Side, StreamInfo, StreamKind
from firingorder_signal.events import PipelineEvent
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import SetResult

from ..events.effort_events import HoldSummary
from ..events.guide_events import CueGiven, read_steps
from ..events.hold_events import HoldEnded
from ..protocols.catalogue import find_protocol, load_protocol
from ..protocols.pool_key import pool_key
from ..protocols.protocol_file import parse_protocol
from ..protocols.protocol_plan import Protocol
from ..recordings.beginning import TEST_BEGAN, Beginning, find_beginning
from ..recordings.corrections import apply_corrections, find_corrections
from ..recordings.head import hash_settings
from ..recordings.recording import Recording, RecordingInfo
from ..setting_up.channel_names import explain_unnamed
from ..setting_up.references import references
from .detectable import LagsBySide
from .earlier_visits import read_earlier
from .effort_meter import EffortMeter
from .hold_sets import put_together
from .results_json import SCHEMA, write_hold, write_hold_set, write_set, write_sides

#: Signal worked on at once, seconds: long enough for numpy's speed, short enough for the processor's cache.
HOLD_S = 10.0
#: Told each block of a recording and what came of it; None and the last events at its end.
Watch = Callable[[SampleBlock | None, Sequence[PipelineEvent]], None]
#: Kind of the recorded event by which the examiner set a lift aside: `{"side": ..., "number": ..., "start_s": ...}`.
EXCLUDE_LIFT = "exclude_lift"


@dataclass(frozen=True)
class SetAside:
    """A lift that the examiner wanted repeated; `start_s` tells it from one taken back that had the same number."""

    side: Side
    number: int
    start_s: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Write it as the data of a recorded event."""
        return {"side": self.side.value, "number": self.number, "start_s": self.start_s}


def streams_taking_part(recording: Recording) -> tuple[StreamInfo, ...]:
    """Return the streams the test was begun with; all of a recording in which nobody settled that."""
    settled = next((event.data["streams"] for event in recording.events() if event.kind == TEST_BEGAN), None)
    return tuple(stream for stream in recording.streams if settled is None or stream.stream_id in settled)


def lifts_set_aside(recording: Recording) -> tuple[SetAside, ...]:
    """Read which lifts the examiner set aside while a recording was made."""
    noted = [event.data for event in recording.events() if event.kind == EXCLUDE_LIFT]
    return tuple(SetAside(Side(data["side"]), int(data["number"]), data.get("start_s")) for data in noted)


@dataclass(frozen=True)
class Analysis:
    """What a recording says.

    Attributes
    ----------
    sets
        One a side, in the order left, right.
    notes
        Anything the reader of the numbers should know: an assumed unit, a stream that was left out.
    refined_clocks
        Whether the sensors' clocks were fitted over the whole recording, so that this is not what was shown live.
    unnamed
        What to know where no channel is named as one of the two muscles: the channels there are, and what to type.
    pool_keys
        What each set may be pooled by, as text; in the order of the sets.
    cues, holds
        What the guide gave and timed while the recording was made.
    hold_summaries
        What the muscles did in each hold, in the order of the holds.
    earlier_s
        The person's lags at earlier visits, as they were known when the recording was made, by side.
    """

    identity: dict[str, Any]
    sets: tuple[SetResult, ...]
    protocol: str
    settings_hash: str
    software_version: str
    notes: tuple[str, ...] = ()
    refined_clocks: bool = False
    unnamed: str = ""
    pool_keys: tuple[str, ...] = ()
    cues: tuple[CueGiven, ...] = ()
    holds: tuple[HoldEnded, ...] = ()
    hold_summaries: tuple[HoldSummary, ...] = ()
    earlier_s: LagsBySide = field(default_factory=dict[Side, tuple[float, ...]])

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain JSON types (`results_json.SCHEMA`)."""
        return {
            "schema": SCHEMA,
            "recording": self.identity,
            "software_version": self.software_version,
            "settings_hash": self.settings_hash,
            "protocol": self.protocol,
            "notes": list(self.notes),
            "refined_clocks": self.refined_clocks,
            "holds": [write_hold(*each) for each in zip_longest(self.holds, self.hold_summaries)],
            "hold_sides": [write_hold_set(each) for each in put_together(self.hold_summaries)],
            "sets": [
                write_set(result, self.cues) | {"pool_key": key}
                for result, key in zip_longest(self.sets, self.pool_keys)
            ],
            "sides": write_sides(self.sets, self.earlier_s),
        }

    def to_frame(self, table: str = "lifts", *, library: str = "pandas") -> Any:
        """Return lifts, sets or onsets as a frame of pandas or Polars; see `notebook.frame.to_frame`."""
        from ..notebook.frame import to_frame

        return to_frame(self, table, library=library)

    def plot(self, ax: Any = None) -> Any:
        """Draw its sets; see `notebook.plot.plot`."""
        from ..notebook.plot import plot

        return plot(self, ax=ax)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: each set with its lifts."""
        from firingorder_signal.result_html import write_sets

        return write_sets(self.sets, self.identity["name"], (*self.notes, *([self.unnamed] if self.unnamed else [])))


def analyze(
    recording: Recording,
    *,
    protocol: str | Protocol | None = None,
    side: Side | None = None,
    report_progress: Callable[[float], None] | None = None,
    use_corrections: bool = True,
    watch: Watch | None = None,
) -> Analysis:
    """Judge every lift of a recording and the set of each side.

    Parameters
    ----------
    recording
        From `read`, or just recorded.
    protocol
        The test, its name, or the path of its `.toml` file; None = the one the recording holds, else by whether motion
        sensors were worn.
    side
        Side to judge; None = the recording's, else every side with a hamstring or a glute channel.
    report_progress
        Called with the seconds of signal done so far.
    use_corrections
        Take the onsets that were moved by hand where they were put; False = where they were found.
    watch
        Told each block and what came of it, traces included, and None with what came at the end.

    Returns
    -------
    Analysis
        The same object the live window showed at the end: times in seconds from the recording's origin, lags in
        seconds (positive = hamstring first), angles in degrees.

    Raises
    ------
    UnknownProtocol
        No protocol has that name.
    ProtocolRefused
        The test's file is not quite right.
    UnreadableFile
        The recording is damaged inside.
    ValueError
        An EMG stream's rate is outside of what surface EMG needs, 200 to 10 000 Hz.

    Notes
    -----
    Source: the rules and where each comes from are in `docs/judgement.md`, the onset method in `docs/onset.md`.
    """
    chosen = choose_protocol(recording, protocol)
    params = pipeline_params(chosen, side or stated_side(recording.info))
    params = replace(params, hold_s=HOLD_S, shows_traces=watch is not None)
    streams = streams_taking_part(recording)
    pipeline = Pipeline(streams, params)
    for lift in lifts_set_aside(recording):
        pipeline.exclude(lift.side, lift.number, lift.start_s)
    steps = read_steps((event.kind, event.data) for event in recording.events())
    holds = tuple(step for step in steps if isinstance(step, HoldEnded))
    meter = measure_holds(recording, chosen, streams, holds)
    beginning = Beginning(find_beginning(recording))
    if use_corrections:
        apply_corrections(pipeline, find_corrections(recording.events()).values())
    for block in recording.blocks():
        if (counted := beginning.cut(block)) is not None:
            events = pipeline.update(counted)
            meter.update(counted)
            if watch is not None:
                watch(counted, events)
        if report_progress is not None:
            # What is held back is not worked on yet; of a short recording that is all.
            report_progress(max(block.end_s - HOLD_S, 0.0))
    events = pipeline.finish()
    meter.finish()
    if watch is not None:
        watch(None, events)
    return Analysis(
        identity=write_identity(recording.info),
        sets=pipeline.results,
        protocol=chosen.name,
        settings_hash=hash_settings(asdict(chosen.rules)),
        software_version=version("firingorder"),
        notes=(*recording.info.notes, *recording.integrity_notes()),
        refined_clocks=recording.info.refined_clocks,
        unnamed=str(unnamed) if (unnamed := explain_unnamed(streams)) else "",
        pool_keys=tuple(str(pool_key(chosen, result.side)) for result in pipeline.results),
        cues=tuple(step for step in steps if isinstance(step, CueGiven)),
        holds=holds,
        hold_summaries=tuple(meter.summaries),
        earlier_s=read_earlier((event.kind, event.data) for event in recording.events()).lags_s,
    )


def measure_holds(
    recording: Recording, protocol: Protocol, streams: Sequence[StreamInfo], holds: Sequence[HoldEnded]
) -> EffortMeter:
    """Make what measures a recording's holds; without any it takes nothing in, and costs nothing."""
    meter = EffortMeter(protocol.hold.target_percent if protocol.hold else None, references(recording))
    if holds:
        meter.begin(streams)
    for hold in holds:
        meter.follow(hold)
    return meter


def choose_protocol(recording: Recording, asked: str | Protocol | None) -> Protocol:
    """Take the protocol asked for, else the recorded one, else the one the sensors allow."""
    info = recording.info
    if asked:
        return asked if isinstance(asked, Protocol) else load_protocol(asked)
    if info.protocol_file:
        return parse_protocol(info.protocol_file, f"the test that {info.name} was made with")
    if info.protocol:
        return find_protocol(info.protocol)
    has_motion = any(stream.kind is StreamKind.IMU for stream in recording.streams)
    return find_protocol("prone_hip_extension" if has_motion else "emg_bursts")


def stated_side(info: RecordingInfo) -> Side | None:
    """Return the side that a recording says it is of; None where it says none."""
    return None if info.side is Side.MIDDLE else info.side


def write_identity(info: RecordingInfo) -> dict[str, Any]:
    """Write what a recording is, without the path it happens to lie at."""
    return {
        "name": info.name,
        "id": info.content_id,
        "format": info.format_name,
        "origin": info.origin.value,
        "created": info.created,
        "recorded_with": info.software_version,
        "subject": info.subject,
    }


def pipeline_params(protocol: Protocol, side: Side | None) -> PipelineParams:
    """Say to the pipeline what the protocol says."""
    return PipelineParams(
        protocol.name,
        protocol.rules,
        side,
        uses_motion=protocol.uses_motion,
        exercises=protocol.exercises,
        gates=protocol.gates,
    )
