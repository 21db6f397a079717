"""Which sample a BITalino's packet is: four bits of it are sent, the arrival says the rest, or says that it cannot.

How to think about it. `delay` = arrival less the sample's number in periods. It is never less than its least, so a
loss of 16 k packets, which the numbers do not show, raises it by 16 k periods for good; a stall raises it for a moment.
After a silence the rise is read as so many packets, provided that the arrivals were regular to a quarter of 16 periods
(4 ms at 1 kHz). Where they were not, nobody knows: a new run of the clock is stated, whose error is then part of its
uncertainty. The same is stated where the least delay of half a second has moved by more than half of 16 periods:
packets were miscounted unseen, in a silence too short to tell or in a stall whose packets came in pieces.
"""

from collections import deque
from dataclasses import dataclass

WRAP = 16
#: An absence of packets this long may be a loss of more than the numbers tell (J); a radio's stall is mostly shorter.
SILENCE_NS = 250_000_000
#: ... unless so much comes at once afterwards: a radio that stalled delivers what it held back.
HELD_NS = SILENCE_NS // 2
#: The least delay is taken over this, or over so many periods of a slow rate; and so many of these are remembered (J).
WINDOW_NS, WINDOW_PERIODS, N_WINDOWS = 500_000_000, 4 * WRAP, 4
#: Two crystals of 50 ppm.
DRIFT_SHARE = 100e-6


@dataclass(frozen=True, slots=True)
class Span:
    """Least and greatest delay over a while, ns."""

    low: int
    high: int


class SampleCounter:
    """Counts the samples of one unit.

    Parameters
    ----------
    rate_hz
        A whole number of hertz that divides a second into whole nanoseconds.

    Attributes
    ----------
    index
        The next sample's number.
    """

    def __init__(self, rate_hz: int) -> None:
        self.index = 0
        self._period_ns = 1_000_000_000 // rate_hz
        self._wrap_ns = WRAP * self._period_ns
        self._window_ns = max(WINDOW_NS, WINDOW_PERIODS * self._period_ns)
        self._number: int | None = None
        self._last_ns = 0
        self._anew = False
        self._forget()

    def begin_anew(self) -> None:
        """Take note that the unit was started again, or its link lost: its numbers say nothing about before."""
        self._anew = self._number is not None

    def take(self, number: int, n_samples: int, t_host_ns: int, n_behind: int = 0) -> tuple[int, bool]:
        """Take samples numbered one after the other; return how many are missing before, and whether a new run began.

        `n_behind` more came with them, which are taken next.
        """
        n_come = n_samples + n_behind
        n_lost, restarted = 0, self._anew
        if self._number is not None and not restarted:
            n_lost = (number - self._number) % WRAP
            silent = t_host_ns - self._last_ns >= max(SILENCE_NS, self._wrap_ns)
            if silent and n_come * self._period_ns <= max(HELD_NS, self._period_ns):
                n_wrapped = self._lost_in_silence(self._delay(n_lost + n_come, t_host_ns), t_host_ns - self._last_ns)
                restarted = n_wrapped is None
                n_lost += n_wrapped or 0
        delay_ns = self._delay(n_lost + n_come, t_host_ns)
        if self._note(delay_ns, t_host_ns) and not restarted:
            restarted = True
        if restarted:
            n_lost, self._anew = 0, False
            self._forget()
            self._note(self._delay(n_come, t_host_ns), t_host_ns)
        self.index += n_lost + n_samples
        self._number, self._last_ns = (number + n_samples) % WRAP, t_host_ns
        return n_lost, restarted

    def _delay(self, n_ahead: int, t_host_ns: int) -> int:
        """Return the delay of the last of `n_ahead` samples, ns."""
        return t_host_ns - (self.index + n_ahead) * self._period_ns

    def _lost_in_silence(self, delay_ns: int, silence_ns: int) -> int | None:
        """Return how many packets more than the numbers tell were lost in a silence; None where nobody can tell."""
        spans = [*self._spans, self._span]
        low, high = min(span.low for span in spans), max(span.high for span in spans)
        n_wraps = round((delay_ns - low) / self._wrap_ns)
        if n_wraps <= 0:
            return 0
        if not self._spans:
            return None
        off_ns = max(abs(delay_ns - low - n_wraps * self._wrap_ns), high - low) + DRIFT_SHARE * silence_ns
        return n_wraps * WRAP if off_ns <= self._wrap_ns / 4 else None

    def _forget(self) -> None:
        """Forget all delays."""
        self._spans: deque[Span] = deque(maxlen=N_WINDOWS)
        self._span = Span(0, 0)
        self._until_ns: int | None = None

    def _note(self, delay_ns: int, t_host_ns: int) -> bool:
        """Take note of a delay; return whether the least one has moved so far that samples must be miscounted."""
        moved = False
        if self._until_ns is None or t_host_ns >= self._until_ns:
            if self._until_ns is not None:
                moved = self._has_moved(self._span)
                self._spans.append(self._span)
            self._span = Span(delay_ns, delay_ns)
            self._until_ns = t_host_ns + self._window_ns
        elif delay_ns < self._span.low:
            self._span = Span(delay_ns, self._span.high)
        elif delay_ns > self._span.high:
            self._span = Span(self._span.low, delay_ns)
        return moved

    def _has_moved(self, span: Span) -> bool:
        """Tell whether jitter does not explain this least delay."""
        if not self._spans:
            return False
        spread_ns = min(each.high - each.low for each in (*self._spans, span))
        moved_ns = abs(span.low - min(each.low for each in self._spans))
        return moved_ns > max(self._wrap_ns // 2, spread_ns)
