"""Reference contractions: how strong each muscle was at its most, or in a lift anybody can do; recorded as events.

Effort is later shown in percent of the person's own reference. The order of onsets needs none. Two kinds, never mixed:
a maximum against resistance, three times five seconds; or an unloaded lift held for five seconds, which does not hurt.
Of the glute two positions are tried and the better one counts, because neither is best for everyone.
Sources: Contreras 2015 (PeerJ 3:e1261: both positions, the larger counts); RMS over 200 ms, CV at most 12 %, three
trials: dynamometer study read in the evidence table; sub-maximal references repeat better between days (Dankaerts 2004:
standard error 7 against 17 %).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np

from firingorder_signal.blocks import FloatArray, Site

if TYPE_CHECKING:  # a recording knows the events of a test, which know what a reference is
    from ..recordings.recording import Recording

#: Kind of the recorded event: `{"site", "kind", "rms_uv", "cv", "n_trials", "position"}`.
REFERENCE = "reference"
#: Moving window of the level, seconds, and trials of a maximum with their length.
WINDOW_S = 0.2
N_TRIALS, TRIAL_S = 3, 5.0
#: Coefficient of variation of the trials up to which they repeat well.
CV_MAX = 0.12


class ReferenceKind(Enum):
    """What the muscle did."""

    MAXIMUM = "maximum"
    REFERENCE_LIFT = "reference_lift"


@dataclass(frozen=True)
class Reference:
    """One muscle's reference.

    Attributes
    ----------
    rms_uv
        RMS over 200 ms: of a maximum the largest of all trials, of a reference lift the median of the hold.
    cv
        Spread of the trials over their mean, 0..1; None with one trial.
    position
        In which position it was reached, of those that were tried; empty where there is but one.
    """

    site: Site
    kind: ReferenceKind
    rms_uv: float
    cv: float | None = None
    n_trials: int = 1
    position: str = ""

    @property
    def repeats(self) -> bool | None:
        """Whether the trials repeat well; None with one trial."""
        return None if self.cv is None else self.cv <= CV_MAX

    def to_json(self) -> dict[str, Any]:
        """Write it as the data of a recorded event."""
        return {
            "site": str(self.site),
            "kind": self.kind.value,
            "rms_uv": self.rms_uv,
            "cv": self.cv,
            "n_trials": self.n_trials,
            "position": self.position,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Reference":
        """Read it from the data of a recorded event."""
        return cls(
            Site.parse(data["site"]),
            ReferenceKind(data["kind"]),
            float(data["rms_uv"]),
            None if data.get("cv") is None else float(data["cv"]),
            int(data.get("n_trials", 1)),
            str(data.get("position", "")),
        )


def references(recording: "Recording") -> dict[Site, Reference]:
    """Read the references of a recording, by site; a later one of a site takes the place of an earlier one."""
    noted = [Reference.from_json(event.data) for event in recording.events() if event.kind == REFERENCE]
    return {reference.site: reference for reference in noted}


def level_uv(power: FloatArray, bin_s: float) -> FloatArray:
    """Return the RMS over 200 ms windows of a row of powers, shape (n_bins,), µV²; as many windows as fit."""
    n_mean = max(round(WINDOW_S / bin_s), 1)
    if len(power) < n_mean:
        return np.zeros(0)
    sums = np.concatenate([[0.0], np.cumsum(power)])
    return np.asarray(np.sqrt(np.maximum(sums[n_mean:] - sums[:-n_mean], 0.0) / n_mean))


def settle_maximum(site: Site, trials: Mapping[str, Sequence[float]]) -> Reference | None:
    """Make a maximum of the largest levels of each trial, by position: the better position counts.

    Examples
    --------
    >>> site = Site.parse("gluteus_maximus/right")
    >>> found = settle_maximum(site, {"squeeze": (80.0, 90.0, 85.0), "bent knee": (120.0, 118.0, 125.0)})
    >>> found.position, found.rms_uv, round(found.cv, 2)
    ('bent knee', 125.0, 0.03)
    """
    done = {position: own for position, own in trials.items() if own}
    if not done:
        return None
    position = max(done, key=lambda each: max(done[each]))
    own = done[position]
    return Reference(site, ReferenceKind.MAXIMUM, max(own), spread(own), len(own), position if len(trials) > 1 else "")


def spread(levels: Iterable[float]) -> float | None:
    """Return the coefficient of variation; None with fewer than two."""
    values = np.array(list(levels))
    if len(values) < 2 or not float(np.mean(values)) > 0:
        return None
    return float(np.std(values, ddof=1) / np.mean(values))
