"""How a recording was made and judged, as data: `methods.json`, and what the methods page is worded from.

Nothing here is typed in. What was measured comes from the recording's own descriptors and events, how it was judged
from the constants and records that judge it, so that the page cannot say what the code does not do. What nobody
recorded is None, and its path stands in `not_recorded`: a report that leaves it out would look complete.

Which things have to be told: Merletti 1999 (the standards of ISEK for reporting EMG) and the CEDE matrices of Besomi
2019 (electrodes) and 2020 (normalisation); `STANDARDS` has the references.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import Enum
from math import log2
from typing import Any, cast

from firingorder_signal.blocks import Site, StreamInfo, StreamKind
from firingorder_signal.exercise import Exercise
from firingorder_signal.fatigue import CV_MAX as HOLD_CV_MAX
from firingorder_signal.fatigue import HOLD_MIN_S
from firingorder_signal.filters import ORDER, BandDesign
from firingorder_signal.hodges_bui import HodgesBuiParams
from firingorder_signal.levels import SHAPES
from firingorder_signal.lift_gates import LiftGates
from firingorder_signal.methods import DEFAULT_METHOD, REFERENCE_METHOD
from firingorder_signal.motion import MotionParams
from firingorder_signal.onset import OnsetParams
from firingorder_signal.results import SetResult

from ..judging.analysis import Analysis
from ..protocols.protocol_plan import Protocol
from ..recordings.file_recording import SENSOR
from ..recordings.recording import Recording
from ..setting_up.electrode_sites import (
    ELECTRODE_MM,
    INTER_ELECTRODE_MM,
    REFERENCE_PLACE,
    SKIN_PREPARATION,
    ElectrodeSite,
    find_site,
)
from ..setting_up.references import WINDOW_S, references
from .lift_pictures import ChannelCount

#: Version of this layout; counts up when a field changes its meaning or goes.
METHODS_SCHEMA = 1
Json = dict[str, Any]

STANDARDS = (
    "Merletti R 1999, Standards for reporting EMG data, J Electromyogr Kinesiol 9(1):III-IV (ISEK)",
    "Besomi M et al. 2019, CEDE project: electrode selection matrix, J Electromyogr Kinesiol 48:128-144",
    "Besomi M et al. 2020, CEDE project: amplitude normalization matrix, J Electromyogr Kinesiol 53:102438",
)


def describe_methods(
    recording: Recording, analysis: Analysis, protocol: Protocol, channels: Mapping[str, Sequence[ChannelCount]]
) -> Json:
    """Describe a recording's methods as plain JSON types.

    Parameters
    ----------
    channels
        What the raw samples of each stream's channels say; `LiftPictures` counts it.
    """
    emg = [stream for stream in recording.streams if stream.kind is StreamKind.EMG]
    methods: Json = {
        "schema": METHODS_SCHEMA,
        "reporting_standards": list(STANDARDS),
        "recording": {**analysis.identity, "duration_s": round(recording.duration_s, 3)},
        "protocol": _protocol(protocol),
        "electrodes": [each for stream in emg for each in _electrodes(stream, recording, channels)],
        "placement_asked_for": {
            "inter_electrode_distance_mm": INTER_ELECTRODE_MM,
            "electrode_size_along_fibres_mm": ELECTRODE_MM,
            "reference_electrode": REFERENCE_PLACE,
            "skin_preparation": list(SKIN_PREPARATION),
        },
        "hardware": {
            "electrode_material": None,
            "electrode_shape_and_size_mm": None,
            "inter_electrode_distance_mm": None,
            "conductive_gel": None,
            "skin_preparation": None,
            "reference_electrode": None,
            "detection_mode": None,
            "input_impedance_ohm": None,
            "common_mode_rejection_db": None,
            "gain": None,
            "analogue_filters": None,
        },
        "motion_sensors": [_motion_sensor(s, recording) for s in recording.streams if s.kind is StreamKind.IMU],
        "processing": _processing(emg, protocol),
        "onset": _onset(analysis),
        "movement": _movement(protocol, analysis),
        "synchronisation": [_sync(result) for result in analysis.sets],
        "normalisation": _normalisation(recording, analysis),
        "judgement": {"settings_hash": analysis.settings_hash, "rules": _plain(asdict(protocol.rules))},
        "corrections_by_hand": [each for result in analysis.sets for each in _corrections(result)],
        "notes": list(analysis.notes),
        "software": {"name": "FiringOrder", "version": analysis.software_version},
    }
    return methods | {"not_recorded": list(find_unrecorded(methods))}


def find_unrecorded(methods: Json) -> Iterator[str]:
    """Yield the path of everything that would have to be told and was not recorded."""
    for name in ("recording", "electrodes", "hardware", "motion_sensors", "synchronisation"):
        yield from _walk(methods[name], name)


def _walk(value: object, path: str) -> Iterator[str]:
    """Yield the paths of what is None or empty."""
    if value is None or value == "":
        yield path
    elif isinstance(value, dict):
        for key, each in cast(Json, value).items():
            yield from _walk(each, f"{path}.{key}")
    elif isinstance(value, list):
        for number, each in enumerate(cast(list[object], value)):
            yield from _walk(each, f"{path}[{number}]")


def _protocol(protocol: Protocol) -> Json:
    """Write the test as it was asked for."""
    hold = protocol.hold
    return {
        "name": protocol.name,
        "titles": dict(protocol.titles),
        "cues": {language: cue.both for language, cue in protocol.cues.items()},
        "muscle_named_by_the_cue": protocol.muscle_cue,
        "posture": protocol.posture,
        "knee": protocol.knee,
        "side_order": protocol.side_order.value,
        "rest_before_s": protocol.rest_s,
        "rest_between_s": protocol.rest_between_s,
        "fore_period_s": _listed(protocol.fore_period_s),
        "repetitions_asked_for": protocol.wanted,
        "hold": None if hold is None else _plain(asdict(hold)),
    }


def _electrodes(
    stream: StreamInfo, recording: Recording, channels: Mapping[str, Sequence[ChannelCount]]
) -> Iterator[Json]:
    """Write one pair of electrodes a channel: where it goes, and what brings its signal."""
    counts = channels.get(stream.stream_id, ())
    for channel, site in enumerate(stream.sites):
        count = counts[channel] if channel < len(counts) else ChannelCount()
        yield {
            "muscle": site.part,
            "side": site.side.value,
            "channel": stream.labels[channel] if channel < len(stream.labels) else "",
            "site": _site(site),
            "sensor": _sensor(stream, recording),
            "rate_hz": round(float(stream.rate_hz), 6),
            "range_uv": None if stream.range_uv is None else round(stream.range_uv, 3),
            # A digit more than a converter of 24 bits has.
            "resolution_uv": None if count.step_uv is None else float(f"{count.step_uv:.7g}"),
            "resolution_bits": find_bits(stream.range_uv, count.step_uv),
            "samples": count.n_samples,
            "samples_lost": count.n_lost,
        }


def find_bits(range_uv: float | None, step_uv: float | None) -> int | None:
    """Tell a converter's bits from its range and its smallest step; None where either is not known.

    Examples
    --------
    >>> find_bits(4000.0, 8000.0 / 65536)
    16
    """
    if range_uv is None or not step_uv:
        return None
    return round(log2(2.0 * range_uv / step_uv))


def _site(site: Site) -> Json | None:
    """Write where the set-up places a muscle's electrodes; None for a channel that nobody named."""
    place = find_site(site.part)
    if not isinstance(place, ElectrodeSite):
        return None
    return {
        "from": place.start.value,
        "to": place.end.value,
        "percent": round(place.percent, 1) if place.by_percent else None,
        "offset": place.offset or "none",
        "orientation": place.orientation,
        "source": place.source,
        "wording": place.tag.value,
    }


def _sensor(stream: StreamInfo, recording: Recording) -> Json:
    """Write what brought a stream: amplifier, its firmware, its clock, its known delay."""
    uid = stream.stream_id.rpartition("/")[0] or stream.stream_id
    said = next((e.data for e in recording.events() if e.kind == SENSOR and e.data.get("uid") == uid), None)
    return {
        "uid": uid,
        "product": stream.product or None,
        "firmware": said["firmware"] if said and said.get("firmware") else None,
        "link_security": said.get("security", "cable") if said else None,
        "delay_removed_s": stream.latency_s,
        "aligned_by": stream.alignment.group if stream.alignment else "none",
    }


def _motion_sensor(stream: StreamInfo, recording: Recording) -> Json:
    """Write one motion sensor."""
    site = stream.sites[0]
    return {
        "segment": site.part,
        "side": site.side.value or "middle",
        "rate_hz": round(float(stream.rate_hz), 6),
        "sensor": _sensor(stream, recording),
    }


def _processing(emg: Sequence[StreamInfo], protocol: Protocol) -> Json:
    """Write the filters that are in force, one a rate."""
    designs = [BandDesign(rate, protocol.rules.band_hz) for rate in sorted({float(s.rate_hz) for s in emg})]
    return {
        "band_pass": [
            {
                "rate_hz": design.rate_hz,
                "low_hz": design.low_hz,
                "high_hz": design.high_hz,
                "family": "Butterworth",
                "order_high_pass": ORDER,
                "order_low_pass": ORDER,
                "phase": "causal; the group delay is taken out of every time",
                "group_delay_s": round(design.delay_s, 6),
            }
            for design in designs
        ],
        "notch": "none",
        "heartbeat_removal": "none",
        "rectification_and_smoothing": "none for onsets; RMS where amplitude is told",
        "lost_samples": "never interpolated; bridged for the filter's state alone",
    }


def _onset(analysis: Analysis) -> Json:
    """Write how onsets are found."""
    found = sorted(
        {onset.estimator for r in analysis.sets for lift in r.lifts for onset in lift.onsets.values()} - {""}
    )
    return {
        "method": DEFAULT_METHOD,
        "methods_in_these_results": found,
        "params": _plain(asdict(OnsetParams())),
        "shapes_of_rise": [shape.value for shape in SHAPES],
        "interval": "5 % and 95 % quantile of the posterior",
        "reference_method": REFERENCE_METHOD,
        "reference_params": _plain(asdict(HodgesBuiParams())),
    }


def _movement(protocol: Protocol, analysis: Analysis) -> Json:
    """Write how lifts and the start of movement are found."""
    params = MotionParams()
    gates = protocol.gates or LiftGates(protocol.rules)
    moved = [lift for result in analysis.sets for lift in result.lifts if lift.movement is not None]
    return {
        "lifts_found_by": "motion sensors" if moved else "bursts of the muscles",
        "orientation_filter": "VQF, accelerometer and gyroscope (Laidig & Seel 2023)",
        "accelerometer_time_constant_s": params.tau_acc_s,
        "grid_hz": params.grid_hz,
        "counts": {each.value: _plain(asdict(gates.limits_of(each))) for each in _sorted(protocol.exercises)},
        "still_before_s": gates.still_s,
        "still_deg_s": gates.still_deg_s,
        "knee_change_max_deg": gates.knee_deg,
        "pelvic_tilt_max_deg": "none" if gates.pelvis_deg is None else gates.pelvis_deg,
        "search_before_s": protocol.rules.search_before_s,
        "search_after_s": protocol.rules.search_after_s,
    }


def _sync(result: SetResult) -> Json:
    """Write how the two muscles' sensors share a clock, and how sure that is."""
    known = [lift.lag.sync_uncertainty_s for lift in result.lifts if lift.lag is not None]
    return {
        "side": result.side.value or "not stated",
        "class": result.sync.value if result.sync else None,
        "uncertainty_s": round(max(known), 6) if known else None,
    }


def _normalisation(recording: Recording, analysis: Analysis) -> Json:
    """Write what amplitude is told in percent of; the order of onsets needs none."""
    own = references(recording)
    return {
        "onset_order": "not normalised: amplitude does not enter it",
        "rest_level": "RMS, microvolts, 20-450 Hz",
        "effort_in_percent": bool(analysis.hold_summaries),
        "reference_window_s": WINDOW_S,
        "references": [own[site].to_json() for site in sorted(own)],
        "fatigue_hold_min_s": HOLD_MIN_S,
        "fatigue_cv_max": HOLD_CV_MAX,
    }


def _corrections(result: SetResult) -> Iterator[Json]:
    """Write each onset that a person moved: by whom, when, and the precision they claim."""
    for lift in result.lifts:
        for site, onset in sorted(lift.onsets.items()):
            if onset.corrected is not None:
                found_s = onset.found.time_s if onset.found else None
                yield {
                    "side": lift.side.value,
                    "lift": lift.number,
                    "site": str(site),
                    "found_s": found_s,
                    **asdict(onset.corrected),
                }


def _sorted(exercises: Iterable[Exercise]) -> list[Exercise]:
    """Sort by name: members of an Enum have no order."""
    return sorted(exercises, key=lambda each: each.value)


def _listed(pair: tuple[float, float] | None) -> list[float] | None:
    """Write a pair as a list."""
    return None if pair is None else list(pair)


def _plain(record: Mapping[str, object]) -> Json:
    """Write a record's values as plain JSON types."""
    return {key: _plain_value(value) for key, value in record.items()}


def _plain_value(value: object) -> object:
    """Write one value."""
    if isinstance(value, tuple | frozenset | list):
        return [_plain_value(each) for each in cast(Sequence[object], value)]
    return value.value if isinstance(value, Enum) else value
