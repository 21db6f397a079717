"""A progress bar on stderr for whatever takes longer than two seconds."""

from collections.abc import Callable
from types import TracebackType
from typing import Never, Self

#: Shorter work shows no bar: it would only flicker.
DELAY_S = 2.0


class Progress:
    """Show how far a piece of work is, in seconds of signal, once it has taken longer than two seconds.

    Use as a context; call `to(done_s)` as often as you like.
    """

    def __init__(self, title: str, total_s: float) -> None:
        self._title = title
        self._total_s = total_s

    def __enter__(self) -> Self:
        """Import tqdm only now: `--help` does without."""
        from tqdm import tqdm

        self._bar: tqdm[Never] = tqdm(
            total=round(self._total_s, 1),
            desc=self._title,
            unit="s",
            ncols=96,  # some terminals state no width, and then nothing would be drawn
            delay=DELAY_S,
            leave=False,
            bar_format="{desc}: {percentage:3.0f} %|{bar}| {n:.0f}/{total:.0f} s of signal, {remaining} left",
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away, also after an error."""
        self._bar.close()

    def to(self, done_s: float) -> None:
        """Move the bar to `done_s` seconds of signal."""
        self._bar.update(max(done_s - self._bar.n, 0.0))


ReportProgress = Callable[[float], None]
