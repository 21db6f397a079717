"""What the history tells: plain frozen records, free of any database."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from firingorder_signal.blocks import Side

#: Ends of the scales on which a person says how much they feel the glute, and pain.
RATING_LIMITS = (0, 10)


@dataclass(frozen=True)
class SubjectSummary:
    """A subject in the list."""

    code: str
    added: str
    n_visits: int
    n_recordings: int
    last_day: date | None


@dataclass(frozen=True)
class Rating:
    """What a person said at a visit.

    Attributes
    ----------
    feels_glute
        How much they feel the glute work, 0 not at all, 10 nothing else.
    pain
        0 none, 10 the worst there is.
    """

    day: date
    feels_glute: int | None = None
    pain: int | None = None
    notes: str = ""


@dataclass(frozen=True)
class FiledSet:
    """One set as it was filed: the figures that are compared over visits.

    Attributes
    ----------
    day
        Of the visit.
    recording, path, created
        Name of its recording, where that was when it was filed, and when it was made.
    simulated
        Whether software sent it.
    pool_key
        As text; `PoolKey.parse` reads it.
    p_hamstring_first
        Median over the lifts that count.
    glute_share
        The glute's part of both muscles' effort in holds, 0..1: mean over the holds that were completed.
    share_reference
        What each muscle's 100 % was (`ReferenceSource`): shares of unlike references are not compared.
    hold_fatigue_percent_s
        Slope of the glute's median frequency in holds, percent a second: mean over the holds that have one.
    quality
        `good`, `caution`, or why the set was not judged.
    snr_db
        Median over the lifts that count of the muscle that stands out less.
    identity
        Of its recording, as in `FiledRecording`.
    """

    day: date
    recording: str
    path: Path
    created: str
    simulated: bool
    side: Side
    protocol: str
    pool_key: str
    verdict: str
    n_lifts: int
    n_valid: int
    software_version: str
    settings_hash: str
    quality: str
    lag_s: float | None = None
    ci90_s: tuple[float, float] | None = None
    p_hamstring_first: float | None = None
    null_lag_s: float | None = None
    glute_share: float | None = None
    share_reference: str = ""
    active_range_deg: float | None = None
    tilt_deg: float | None = None
    hold_fatigue_percent_s: float | None = None
    snr_db: float | None = None
    identity: str = ""


@dataclass(frozen=True)
class FiledRecording:
    """A recording as the history knows it.

    Attributes
    ----------
    identity
        `fo:` and its random id, or `sha256:` and the hash of a foreign file: the same in every copy.
    checksum
        Of the file as it was when it was filed: the seal of a recording of ours; empty where there is none.
    host
        The computer that filed it: a path is one of its disk.
    """

    code: str
    day: date
    identity: str
    path: Path
    created: str
    checksum: str = ""
    host: str = ""


@dataclass(frozen=True)
class DerivedFile:
    """A file that was made from a subject's data: report, picture, export, sidecar; `host` is the computer it is on."""

    path: Path
    kind: str
    host: str = ""


@dataclass(frozen=True)
class FiledResult:
    """One set with everything that was said of it, as `analyze --json` writes it."""

    figures: FiledSet
    document: dict[str, Any]
