"""Analyses as they come of a recording, made by hand."""

from dataclasses import replace
from pathlib import Path

from firingorder_session.events.effort_events import HoldSummary, MuscleHold
from firingorder_session.events.hold_events import HoldEnded
from firingorder_session.judging.analysis import Analysis
from firingorder_session.protocols.catalogue import find_protocol
from firingorder_session.protocols.pool_key import pool_key
from firingorder_signal.blocks import Side, Site
from firingorder_signal.effort import OwnReference, ReferenceSource, ShareTrend
from firingorder_signal.fatigue import Fatigue, Slope
from firingorder_signal.results import Lag, Lift, Onset, PelvisMotion, Reason, ReasonCode, SetResult, Verdict

TEST = "prone_hip_extension"
PATH = Path("/data/visit.fo")


def make_lift(number: int, lag_s: float, side: Side = Side.RIGHT, snr_db: float = 16.0) -> Lift:
    """Make a lift that counts."""
    onsets = Onset(1.0, snr_db=20.0), Onset(1.0 + lag_s, snr_db=snr_db)
    lag = Lag(lag_s, None, 0.9, 0.01, Verdict.HAMSTRING_FIRST, None, *onsets)
    return Lift(number, side, 5.0 * number, lag=lag, valid=True)


def make_set(lag_s: float | None, side: Side = Side.RIGHT, half_s: float = 0.02, tilt_deg: float = 4.0) -> SetResult:
    """Make a set of three lifts; without a lag it was not judged."""
    if lag_s is None:
        return SetResult(side, TEST, (), Verdict.NOT_JUDGED, Reason(ReasonCode.NO_LIFT))
    return SetResult(
        side,
        TEST,
        tuple(make_lift(number, lag_s, side) for number in (1, 2, 3)),
        Verdict.HAMSTRING_FIRST,
        lag_s=lag_s,
        ci90_s=(lag_s - half_s, lag_s + half_s),
        null_lag_s=0.012,
        pelvis=PelvisMotion(tilt_deg=tilt_deg),
        active_range_deg=11.0,
    )


def make_analysis(
    *sets: SetResult, number: int = 1, day: str = "2026-03-02", subject: str = "", protocol: str = TEST
) -> Analysis:
    """Make what one recording comes to; `number` makes its identity."""
    return Analysis(
        identity={
            "name": f"visit-{number}.fo",
            "id": f"fo:{number:032x}",
            "format": "fo",
            "origin": "live",
            "created": day and f"{day}T10:00:00.000+01:00",
            "recorded_with": "0.1.0",
            "subject": subject,
        },
        sets=sets,
        protocol=protocol,
        settings_hash="0123456789abcdef",
        software_version="0.1.0",
        pool_keys=tuple(str(pool_key(find_protocol(protocol), result.side)) for result in sets),
    )


def make_holds(
    share: float, slope: float, source: ReferenceSource = ReferenceSource.REFERENCE_LIFT, number: int = 1
) -> Analysis:
    """Make what a static set of both sides comes to, of which the right one was measured."""
    fatigue = Fatigue(Slope(80.0, slope, (slope - 0.3, slope + 0.3)))
    muscles = tuple(
        MuscleHold(Site(part, Side.RIGHT), 50.0, 40.0, OwnReference(120.0, source), None, fatigue)
        for part in ("gluteus_maximus", "hamstring_lateral")
    )
    holds = tuple(
        HoldSummary(
            HoldEnded(75.0 * i + 25.0, i + 1, Side.MIDDLE, 75.0 * i), muscles, ((Side.RIGHT, ShareTrend(share)),)
        )
        for i in range(2)
    )
    none = tuple(SetResult(side, "glute_set", (), Verdict.NOT_JUDGED) for side in (Side.LEFT, Side.RIGHT))
    made = make_analysis(*none, protocol="glute_set", number=number)
    return replace(made, holds=tuple(each.hold for each in holds), hold_summaries=holds)
