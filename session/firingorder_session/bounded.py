"""A queue between two threads that keeps no giver waiting unless told to: what is dropped is counted, never silent."""

import threading
from collections import deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class BoundedQueue(Generic[Item]):
    """First in, first out, up to `limit` items.

    Parameters
    ----------
    limit
        Items that may wait; more are dropped and counted in `n_dropped`.
    waits
        Let the giver wait for room instead, as a replay may; `close` lets him go, and what he held is dropped.
    """

    def __init__(self, limit: int, *, waits: bool = False) -> None:
        self._limit = limit
        self._waits = waits
        self._items: deque[Item] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self.n_dropped = 0

    def put(self, item: Item, *, always: bool = False) -> bool:
        """Append an item; return False, and count it, where there is no room; after `close` nothing is taken.

        An item that must `always` arrive is taken beyond the limit: for the few whose loss could not be made good.
        """
        with self._changed:
            if self._waits:
                self._changed.wait_for(lambda: len(self._items) < self._limit or self._closed)
            if self._closed:
                return False
            if len(self._items) >= self._limit and not always:
                self.n_dropped += 1
                return False
            self._items.append(item)
            self._changed.notify_all()
            return True

    def take(self, timeout_s: float | None = None) -> list[Item]:
        """Wait for something, then return all there is; nothing after `timeout_s`, or when the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._items) or self._closed, timeout_s)
            items = list(self._items)
            self._items.clear()
            self._changed.notify_all()
            return items

    def close(self) -> None:
        """Let nothing more in; what is waiting can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def ended(self) -> bool:
        """Whether the queue is closed and everything has been taken."""
        with self._changed:
            return self._closed and not self._items
