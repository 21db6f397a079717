"""What is the matter with one electrode before a test, as one cause with its figure, and how strongly it holds.

From the quality monitor's reports (`quality.py`), what the heart does in the channel, and what the muscle reached when
it was asked to work. One cause at a time, the one whose fix comes first: no contact before hum, hum before a loud rest.
The limits are those of the verdict (`rules.py`); it refuses nothing, and the words are the view's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from .blocks import FloatArray, Site
from .events import ChannelQuality
from .heartbeats import find_heartbeats
from .rules import JudgementRules

#: Reports looked at: a second each, so that one that is passing does not flicker.
N_REPORTS = 3
#: RMS at rest up to which an electrode is good (seniam-like practice as remembered; hardware dependent).
GOOD_UV = 5.0
#: A muscle that rises by less than this when it is asked to work lies under a badly placed electrode, as far as its
#: order goes (`JudgementRules.snr_min_db`).
LOW_DB = 10.0
#: At most this share of samples may be lost before it is said (J).
LOST_MAX = 0.02
#: So many beats must agree before the heart is named: fewer could be chance (`heartbeats.py` needs three others).
MIN_BEATS = 4


class ElectrodeCause(Enum):
    """One cause, one fix."""

    WAITING = "waiting"
    GOOD = "good"
    NO_CONTACT = "no_contact"
    TOO_STRONG = "too_strong"
    LOST = "lost"
    MAINS = "mains"
    MOVES = "moves"
    HEART = "heart"
    NOISY = "noisy"
    FAIR = "fair"
    LOW = "low"


#: Causes with which an order can be told all the same.
USABLE = frozenset({ElectrodeCause.GOOD, ElectrodeCause.FAIR, ElectrodeCause.HEART})


@dataclass(frozen=True)
class ElectrodeState:
    """One electrode: its cause, the figure that shows it (its unit as in `reasons.py`), and its level at rest."""

    site: Site
    cause: ElectrodeCause
    figure: float | None = None
    unit: str = ""
    rest_uv: float | None = None


def judge_electrode(
    site: Site,
    reports: Sequence[ChannelQuality],
    *,
    rest_uv: float | None = None,
    beats: bool = False,
    worked_db: float | None = None,
    rules: JudgementRules | None = None,
) -> ElectrodeState:
    """Name the cause that needs a fix first.

    Parameters
    ----------
    reports
        The newest reports of this channel, the last one last.
    rest_uv
        RMS of the quietest stretch so far; None = not known yet.
    beats
        Whether heartbeats were found in it.
    worked_db
        How far the muscle rose above rest when it was asked to; None = not asked.

    Examples
    --------
    >>> site = Site.parse("gluteus_maximus/right")
    >>> judge_electrode(site, [ChannelQuality(site, 1.0, 3.0, 0.0, 0.1, 0.1, False, 0.0)], rest_uv=3.0).cause
    <ElectrodeCause.GOOD: 'good'>
    """
    rules = rules or JudgementRules()
    newest = list(reports)[-N_REPORTS:]
    if not newest:
        return ElectrodeState(site, ElectrodeCause.WAITING)
    warn_uv, refuse_uv = rules.rest_warn_uv or np.inf, rules.rest_refuse_uv or np.inf
    level_uv = rest_uv if rest_uv is not None else newest[-1].rms_uv
    mains, artefact = _least([each.mains for each in newest]), _least([each.artefact for each in newest])
    lost = min(each.lost for each in newest)
    clipped = min(each.clipped for each in newest)

    def state(cause: ElectrodeCause, figure: float | None = None, unit: str = "") -> ElectrodeState:
        return ElectrodeState(site, cause, figure, unit, level_uv)

    if newest[-1].flat:
        return state(ElectrodeCause.NO_CONTACT)
    if clipped > rules.clip_max:
        return state(ElectrodeCause.TOO_STRONG, clipped, "share")
    if lost > LOST_MAX:
        return state(ElectrodeCause.LOST, lost, "share")
    # A share of next to nothing is no trouble: a good electrode's own noise is small beside a little hum.
    loud = level_uv is None or level_uv > GOOD_UV
    if mains is not None and mains > rules.mains_max and loud:
        return state(ElectrodeCause.MAINS, mains, "share")
    if artefact is not None and artefact > rules.artefact_max and loud and not beats:
        return state(ElectrodeCause.MOVES, artefact, "share")
    if worked_db is not None and worked_db < LOW_DB:
        return state(ElectrodeCause.LOW, worked_db, "dB")
    if level_uv is None or level_uv <= GOOD_UV:
        return state(ElectrodeCause.GOOD, level_uv, "µV")
    if level_uv > refuse_uv or (level_uv > warn_uv and not beats):
        return state(ElectrodeCause.NOISY, level_uv, "µV")
    return state(ElectrodeCause.HEART if beats else ElectrodeCause.FAIR, level_uv, "µV")


def hears_heart(filtered_uv: FloatArray, rate_hz: float) -> bool:
    """Tell whether heartbeats can be found in some seconds of a channel, shape (n_samples,), µV."""
    return len(find_heartbeats(filtered_uv, rate_hz)) >= MIN_BEATS


def _least(shares: Sequence[float | None]) -> float | None:
    """Return the smallest share, so that a passing burst of it is no state; None where one is not known."""
    known = [share for share in shares if share is not None]
    return min(known) if len(known) == len(shares) else None
