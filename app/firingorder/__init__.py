"""FiringOrder: which muscle switches on first, and how sure that is.

The calls below are stable from the first release on. Arrays are numpy, shapes and units stand in each docstring.
Nothing heavy is imported until a call is used.

Examples
--------
>>> import firingorder as fo
>>> fo.Verdict.HAMSTRING_FIRST.value
'hamstring_first'
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from firingorder_session.cohort.options import CohortOptions
    from firingorder_session.cohort.run import Cohort, run_cohort
    from firingorder_session.exports.export import export
    from firingorder_session.judging.analysis import Analysis, analyze
    from firingorder_session.notebook.frame import to_frame
    from firingorder_session.notebook.plot import plot
    from firingorder_session.recordings.read import read
    from firingorder_session.recordings.recording import Recording
    from firingorder_signal.arrays import compare_onsets, detect_bursts, detect_onset
    from firingorder_signal.blocks import Side, Site
    from firingorder_signal.bursts import Burst
    from firingorder_signal.errors import FiringOrderError
    from firingorder_signal.motion_arrays import track_motion
    from firingorder_signal.placement import check_placement
    from firingorder_signal.results import Lag, Lift, Onset, Reason, ReasonCode, SetResult, Verdict

#: public name -> module it lives in.
_HOMES = {
    "Analysis": "firingorder_session.judging.analysis",
    "analyze": "firingorder_session.judging.analysis",
    "Cohort": "firingorder_session.cohort.run",
    "CohortOptions": "firingorder_session.cohort.options",
    "run_cohort": "firingorder_session.cohort.run",
    "export": "firingorder_session.exports.export",
    "to_frame": "firingorder_session.notebook.frame",
    "plot": "firingorder_session.notebook.plot",
    "read": "firingorder_session.recordings.read",
    "Recording": "firingorder_session.recordings.recording",
    "compare_onsets": "firingorder_signal.arrays",
    "detect_onset": "firingorder_signal.arrays",
    "Burst": "firingorder_signal.bursts",
    "detect_bursts": "firingorder_signal.arrays",
    "track_motion": "firingorder_signal.motion_arrays",
    "check_placement": "firingorder_signal.placement",
    "Side": "firingorder_signal.blocks",
    "Site": "firingorder_signal.blocks",
    "FiringOrderError": "firingorder_signal.errors",
    "Lag": "firingorder_signal.results",
    "Lift": "firingorder_signal.results",
    "Onset": "firingorder_signal.results",
    "Reason": "firingorder_signal.results",
    "ReasonCode": "firingorder_signal.results",
    "SetResult": "firingorder_signal.results",
    "Verdict": "firingorder_signal.results",
}

__all__ = [
    "Analysis",
    "Burst",
    "Cohort",
    "CohortOptions",
    "FiringOrderError",
    "Lag",
    "Lift",
    "Onset",
    "Reason",
    "ReasonCode",
    "Recording",
    "SetResult",
    "Side",
    "Site",
    "Verdict",
    "analyze",
    "check_placement",
    "compare_onsets",
    "detect_bursts",
    "detect_onset",
    "export",
    "plot",
    "read",
    "run_cohort",
    "to_frame",
    "track_motion",
]


def __getattr__(name: str) -> object:
    """Import a public name's home when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'firingorder' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
