"""How a review follows its analysis: how often it is drawn meanwhile, and to which scales. No Qt of its own."""

from .amplitude import choose_angle_range, choose_emg_scale
from .sweep import FIRST_ANGLES_DEG, FIRST_SCALE_UV
from .trace_panel import TracePanel
from .whole_traces import WholeTraces

#: How often what is known so far is drawn while the rest is analysed, seconds, and the most of the time that may go
#: into it (J); of an hour with hundreds of lifts it takes a few frames.
LOOK_S, LOOK_SHARE = 0.5, 0.1


class Pace:
    """Says when to draw what is known so far; asked at every turn of the window's timer."""

    def __init__(self) -> None:
        """Begin with a drawing."""
        self._next_s = float("-inf")
        self._began_s: float | None = None

    def is_due(self, now_s: float) -> bool:
        """Return whether to draw now."""
        if self._began_s is not None:
            # What was asked to be drawn is drawn before the timer comes again.
            self._next_s = now_s + max(LOOK_S, (now_s - self._began_s) / LOOK_SHARE)
            self._began_s = None
        if now_s < self._next_s:
            return False
        self._began_s = now_s
        return True


def fit_scales(traces: TracePanel, whole: WholeTraces) -> None:
    """Scale lanes and angles to all that is known of a recording."""
    scales = {site: choose_emg_scale(whole.peaks_uv(site), FIRST_SCALE_UV) for site in whole.sites}
    traces.sweep.scales_uv = traces.lens.scales_uv = scales
    if whole.motion is not None:
        limits = choose_angle_range(*whole.angle_limits_deg, FIRST_ANGLES_DEG)
        traces.sweep.angles_deg = traces.lens.angles_deg = limits
