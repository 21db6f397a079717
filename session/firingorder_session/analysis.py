"""Analyze a recording: its blocks through the pipeline, the same way they went when it was live."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from firingorder_signal.blocks import Side
from firingorder_signal.pipeline import Pipeline, PipelineParams
from firingorder_signal.results import SetResult

from .protocols import Protocol, find_protocol
from .recording import Recording
from .results_json import SCHEMA, hash_rules, write_set


@dataclass(frozen=True)
class Analysis:
    """What a recording says.

    Attributes
    ----------
    sets
        One a side, in the order left, right.
    notes
        Anything the reader of the numbers should know: an assumed unit, a stream that was left out.
    """

    identity: dict[str, Any]
    sets: tuple[SetResult, ...]
    protocol: str
    settings_hash: str
    software_version: str
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the result as plain JSON types (`results_json.SCHEMA`)."""
        return {
            "schema": SCHEMA,
            "recording": self.identity,
            "software_version": self.software_version,
            "settings_hash": self.settings_hash,
            "protocol": self.protocol,
            "notes": list(self.notes),
            "sets": [write_set(result) for result in self.sets],
        }


def analyze(
    recording: Recording,
    *,
    protocol: str | None = None,
    side: Side | None = None,
    report_progress: Callable[[float], None] | None = None,
) -> Analysis:
    """Judge every lift of a recording and the set of each side.

    Parameters
    ----------
    recording
        From `read`, or just recorded.
    protocol
        Name of the test; None = the one the recording names, else by whether motion sensors were worn.
    side
        Side to judge; None = the recording's, else every side with a hamstring or a glute channel.
    report_progress
        Called with the seconds of signal done so far.

    Returns
    -------
    Analysis
        The same object the live window showed at the end.
    """
    chosen = choose_protocol(recording, protocol)
    pipeline = Pipeline(recording.streams, pipeline_params(chosen, side or recording.side))
    for block in recording.blocks():
        pipeline.update(block)
        if report_progress is not None:
            report_progress(block.end_s)
    pipeline.finish()
    return Analysis(
        identity=recording.identity,
        sets=pipeline.results,
        protocol=chosen.name,
        settings_hash=hash_rules(chosen.rules),
        software_version=version("firingorder"),
        notes=recording.notes,
    )


def choose_protocol(recording: Recording, name: str | None) -> Protocol:
    """Take the protocol asked for, else the recorded one, else the one the sensors allow."""
    if name is not None or recording.protocol is not None:
        return find_protocol(name or recording.protocol or "")
    has_motion = any(stream.kind.value == "imu" for stream in recording.streams)
    return find_protocol("prone_hip_extension" if has_motion else "emg_bursts")


def pipeline_params(protocol: Protocol, side: Side | None) -> PipelineParams:
    """Say to the pipeline what the protocol says."""
    return PipelineParams(protocol.name, protocol.rules, side, uses_motion=protocol.uses_motion)
