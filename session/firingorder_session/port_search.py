"""Find a sensor that came back under another port's name, by asking who is there: never by the name alone.

A board that is plugged in again may be `/dev/ttyACM1` where it was `ACM0`. Each candidate is greeted and closed again;
the one that answers with the uid sought is it. Candidates are the caller's choice, because opening a stranger's port
may reset what is behind it: give those that were not there when the test began.
"""

from collections import deque
from collections.abc import Sequence

from firingorder_bridge.decoder import SensorDecoder
from firingorder_bridge.errors import LinkError, LinkLost
from firingorder_bridge.events import SensorIdentified
from firingorder_bridge.links.base import Link

#: A pseudo-terminal answers HELLO in 1 ms; a board that resets on being opened needs about a second to boot (J).
ANSWER_NS = 1_500_000_000


class PortSearch:
    """Ask candidates, one after another, in the acquisition thread; `step` never waits.

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
        self._link: Link | None = None
        self._decoder: SensorDecoder | None = None
        self._chunks: deque[tuple[bytes, int]] = deque()
        self._deadline_ns = 0

    @property
    def over(self) -> bool:
        """Whether nobody is left to ask."""
        return self._link is None and not self._waiting

    def step(self, now_ns: int) -> Link | None:
        """Go on asking; return the sensor's link, closed, once it has answered."""
        if self._link is None or self._decoder is None:
            self._ask_next(now_ns)
            return None
        who = self._hear(self._decoder)
        if who is None and now_ns < self._deadline_ns and self._speak(self._link, self._decoder, now_ns):
            return None
        found = self._link
        self.close()
        return found if who == self._uid else None

    def close(self) -> None:
        """Close the port that is being asked."""
        if self._link is not None:
            self._link.close()
        self._link = self._decoder = None
        self._chunks.clear()

    def _ask_next(self, now_ns: int) -> None:
        """Open the next candidate and greet it; one that cannot be opened is none."""
        if not self._waiting:
            return
        link = self._waiting.popleft()
        chunks = self._chunks = deque[tuple[bytes, int]]()
        try:
            link.open(lambda chunk, t_host_ns: chunks.append((chunk, t_host_ns)), lambda error: None)
        except LinkError:
            return
        self._link = link
        self._decoder = SensorDecoder(link.name, link.framing, now_ns, autostart=False)
        self._decoder.link_opened()
        self._deadline_ns = now_ns + ANSWER_NS

    def _hear(self, decoder: SensorDecoder) -> str | None:
        """Return the uid of whoever has answered by now."""
        while self._chunks:
            for frame in decoder.frames(*self._chunks.popleft()):
                for event in decoder.decode(frame):
                    if isinstance(event, SensorIdentified) and event.declared:
                        return event.uid
        return None

    def _speak(self, link: Link, decoder: SensorDecoder, now_ns: int) -> bool:
        """Send the greeting when it is due; return whether the port takes it."""
        decoder.tick(now_ns)
        data = decoder.data_to_send()
        try:
            if data:
                link.write(data)
        except LinkLost:
            return False
        return True
