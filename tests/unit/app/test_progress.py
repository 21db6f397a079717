"""Whatever takes longer than two seconds says so: where somebody looks on a bar, elsewhere a line now and then."""

import fcntl
import io
import os
import pty
import select
import struct
import termios
import time

import pytest

import firingorder.progress as module
from firingorder.progress import Progress


class Terminal(io.StringIO):
    """Somebody who looks on."""

    def isatty(self) -> bool:
        """Return True."""
        return True


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test wait for seconds."""
    monkeypatch.setattr(module, "DELAY_S", 0.05)
    monkeypatch.setattr(module, "EVERY_S", 0.01)
    monkeypatch.setattr(module, "EVERY_LINE_S", 0.02)


def watch(said: io.StringIO, *words: str) -> None:
    """Wait until all of that has been said."""
    deadline = time.monotonic() + 20
    while not all(word in said.getvalue() for word in words):
        assert time.monotonic() < deadline, said.getvalue()
        time.sleep(0.01)


@pytest.mark.usefixtures("quickly")
def test_a_bar_is_drawn_while_one_step_of_the_work_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", said := Terminal())
    with Progress("visit.fo") as progress:
        watch(said, "visit.fo: reading ...")
        progress.show("fitting the clocks", 3.0, 12.0)
        watch(said, "visit.fo: fitting the clocks:  25 %", "3/12 s of signal")
        progress.show("judging", 30.0, 12.0)
        watch(said, "visit.fo: judging: 100 %")
    assert said.getvalue().endswith("\r")


@pytest.mark.parametrize("columns", [0, 60, 80, 200])
@pytest.mark.usefixtures("quickly")
def test_a_bar_fits_into_the_terminal_and_is_drawn_where_that_has_no_size(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 24 if columns else 0, columns, 0, 0))
    with os.fdopen(other, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr("sys.stderr", terminal)
        said = ""
        with Progress("a name that is long\n" + "and longer " * 10) as progress:
            progress.show("judging", 3.0, 12.0)
            while "25 %" not in said:
                assert select.select([main], [], [], 20.0)[0], "nothing is drawn"
                said += os.read(main, 10_000).decode("utf-8", "replace")
    os.close(main)
    assert max(len(line) for line in said.split("\r")) < (columns or 97)


@pytest.mark.usefixtures("quickly")
def test_what_was_done_before_makes_nothing_look_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", said := Terminal())
    with Progress("r.parquet") as progress:
        progress.show("judging", 90_000.0, 100_000.0)
        watch(said, "90000/100000 s of signal, ? left")
        progress.show("judging", 90_001.0, 100_000.0)
        watch(said, "90001/100000 s of signal")
    assert "00:00 left" not in said.getvalue()


def test_short_work_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", said := Terminal())
    with Progress("visit.fo") as progress:
        progress.show("judging", 1.0, 2.0)
    assert said.getvalue() == ""


@pytest.mark.usefixtures("quickly")
def test_where_every_line_stays_a_line_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", said := io.StringIO())
    with Progress("visit.fo") as progress:
        progress.show("judging", 3.0, 12.0)
        watch(said, "visit.fo: judging, 25 %\n")
    assert "\r" not in said.getvalue()


@pytest.mark.usefixtures("quickly")
def test_an_error_takes_the_bar_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", said := Terminal())

    def fail() -> None:
        with Progress("visit.fo"):
            watch(said, "reading")
            raise ValueError("bad")

    with pytest.raises(ValueError, match="bad"):
        fail()
    assert said.getvalue().endswith("\r")
