"""Serial adapters that wait before they hand bytes over: said before the test, since nothing in the data shows it."""

from firingorder_bridge.links.serial_link import find_held_back

from ..messages import Message, MessageCode


def warn_of_held_back(port: str) -> Message | None:
    """Say for how long a port's adapter holds bytes back, and what changes that; None where it does not."""
    held = find_held_back(port)
    if held is None:
        return None
    return Message(MessageCode.ADAPTER_HOLDS_BACK, {"port": held.port, "ms": held.timer_ms, "command": held.command})
