"""Find a sensor that came back under another port's name, by asking who is there: never by the name alone.

A board that is plugged in again may be `/dev/ttyACM1` where it was `ACM0`. Each candidate is greeted and closed again;
the one that answers with the uid sought is it. Candidates are the caller's choice, because opening a stranger's port
may reset what is behind it: give those that were not there when the test began.
"""

from collections import deque
from collections.abc import Sequence

from firingorder_bridge.errors import LinkError
from firingorder_bridge.links.base import Link

from .ask_sensor import ANSWER_S, Inquiry

ANSWER_NS = round(ANSWER_S * 1e9)


class PortSearch:
    """Ask candidates, one after another, in the acquisition thread; `step` waits neither for ports nor for answers.

    Parameters
    ----------
    uid
        The sensor sought.
    candidates
        Closed links to try.
    """

    def __init__(self, uid: str, candidates: Sequence[Link]) -> None:
        self._uid = uid
        self._waiting = deque(candidates)
        self._inquiry: Inquiry | None = None
        self._deadline_ns = 0

    @property
    def over(self) -> bool:
        """Whether nobody is left to ask."""
        return self._inquiry is None and not self._waiting

    def step(self, now_ns: int) -> Link | None:
        """Go on asking; return the sensor's link, closed, once it has answered."""
        inquiry = self._inquiry
        if inquiry is None:
            self._ask_next(now_ns)
            return None
        try:
            inquiry.step(now_ns)
        except LinkError:
            self.close()
            return None
        if not inquiry.is_open:
            self._deadline_ns = now_ns + ANSWER_NS
        who = inquiry.identity
        if who is None:
            if now_ns >= self._deadline_ns:
                self.close()
            return None
        self.close()
        return inquiry.link if who.uid == self._uid else None

    def close(self) -> None:
        """Close the port that is being asked."""
        if self._inquiry is not None:
            self._inquiry.close()
            self._inquiry = None

    def _ask_next(self, now_ns: int) -> None:
        """Begin to open the next candidate, which is then greeted."""
        if self._waiting:
            self._inquiry = Inquiry(self._waiting.popleft(), now_ns, apart=True)
            self._deadline_ns = now_ns + ANSWER_NS
