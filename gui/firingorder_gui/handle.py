"""What the window needs from a running test; the session layer provides it."""

from typing import Protocol

from firingorder_session.events.live_events import Asked, LiveEvent


class SessionHandle(Protocol):
    """A running test as its view sees it. No call but `close` waits for anything; nothing is ever called back."""

    def drain(self) -> list[LiveEvent]:
        """Return everything that happened since the last call, in order."""
        ...

    def command(self, command: Asked) -> None:
        """Ask the test for something; what comes of it arrives as events."""
        ...

    def close(self) -> None:
        """End the test and let go of everything. May be called twice."""
        ...
