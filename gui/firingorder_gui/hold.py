"""A key that acts only when held: a test is not ended by brushing a key. Time is told; no Qt."""

from dataclasses import dataclass

#: Esc stops only when held this long, seconds.
HOLD_S = 1.0
# An X server repeats a held key as releases and presses some 40 ms apart, and a busy Qt does not always tell.
REPEAT_S = 0.1


@dataclass
class Hold:
    """How long a key has been down; a release counts once no press has followed it."""

    _since: float | None = None
    _released: float | None = None

    def press(self, now_s: float) -> None:
        """Begin a hold, or go on with it."""
        self._released = None
        if self._since is None:
            self._since = now_s

    def release(self, now_s: float) -> None:
        """End it, unless another press follows at once."""
        self._released = now_s

    def follow(self, now_s: float) -> float:
        """Return how much of the hold is done, 0..1; at 1 it is over and begins anew."""
        if self._released is not None and now_s - self._released > REPEAT_S:
            self._since = self._released = None
        if self._since is None:
            return 0.0
        share = (now_s - self._since) / HOLD_S
        if share >= 1.0:
            self._since = self._released = None
        return min(share, 1.0)
