"""A progress bar on stderr for whatever takes longer than two seconds."""

import os
import sys
import threading
from types import TracebackType
from typing import Never, Self

#: Shorter work shows no bar: it would only flicker.
DELAY_S = 2.0
#: How often it is drawn, seconds: on a terminal, and as a line of its own where every line stays.
EVERY_S, EVERY_LINE_S = 0.2, 10.0
#: A bar of known and of unknown length.
KNOWN = "{desc}: {percentage:3.0f} %|{bar}| {n:.0f}/{total:.0f} {unit}, {remaining} left"
UNKNOWN = "{desc} ..."
#: Width of the bar, where the terminal is as wide or states no size; without a height tqdm would draw nothing there.
WIDTH, HEIGHT = 96, 20
#: Of a name so much is shown, or nothing of the bar would be left.
TITLE = 32


class Progress:
    """Show how far a piece of work is, once it has taken longer than two seconds, and until it ends.

    Use as a context; call `show` as often as you like. A thread draws: what takes long may be one step of the work.

    Parameters
    ----------
    title
        What is worked on, such as the name of a file.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._draw, name="progress", daemon=True)
        self._shown = ("reading", 0.0, 0.0, "s of signal")

    def __enter__(self) -> Self:
        """Begin to count the time."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away, also after an error."""
        self._ended.set()
        self._thread.join()

    def show(self, what: str, done: float, total: float, unit: str = "s of signal") -> None:
        """Say what is being done, how much of it is done, and of how much."""
        self._shown = (what, done, total, unit)

    def _draw(self) -> None:
        """Draw from time to time; where nobody looks on, write a line now and then."""
        if not sys.stderr.isatty():
            while not self._ended.wait(EVERY_LINE_S):
                what, done, total, _ = self._shown
                share = f", {100.0 * min(done / total, 1.0):.0f} %" if total else ""
                print(f"{self._title}: {what}{share}", file=sys.stderr, flush=True)
        elif not self._ended.wait(DELAY_S):
            self._draw_bars()

    def _draw_bars(self) -> None:
        """Draw a bar for each thing that is done: what is left is told from its own speed."""
        from tqdm import tqdm  # `--help` does without

        bar: tqdm[Never] | None = None
        doing = ""
        while True:
            what, done, total, unit = self._shown
            if bar is None or what != doing:
                if bar is not None:
                    bar.close()
                named, form = f"{shorten(self._title)}: {what}", KNOWN if total else UNKNOWN
                bar = tqdm(
                    total=total or None,
                    desc=named,
                    unit=unit,
                    bar_format=form,
                    leave=False,
                    ncols=find_width(),
                    nrows=HEIGHT,
                    initial=min(done, total),  # what was done before, by an earlier run perhaps, says no speed
                )
                doing = what
            bar.ncols = find_width()  # a window may have been made smaller
            bar.n = min(done, total)
            bar.refresh()
            if self._ended.wait(EVERY_S):
                bar.close()
                return


def find_width() -> int:
    """Return how wide a bar may be: one that fills its line, or more, begins a new one each time it is drawn."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except OSError:
        columns = 0
    return min(columns - 1, WIDTH) if columns else WIDTH


def shorten(title: str) -> str:
    """Return a name in one line, its end left out where it is long.

    Examples
    --------
    >>> shorten("a name" + chr(10) + "of two lines")
    'a name of two lines'
    >>> len(shorten("long" * 20))
    32
    """
    line = " ".join(title.split())
    return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"
