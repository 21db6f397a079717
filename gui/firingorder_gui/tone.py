"""The tone of a cue: a small WAV made here, given to what plays sound on this machine. Never waits, only goes silent.

Where nothing can play there is no tone, and the flash is all there is; that is found out by trying. What a loudspeaker
adds to the instant of a cue is not known (`firingorder_session.events.guide_events.CueGiven`).
"""

import io
import logging
import shutil
import subprocess
import sys
import tempfile
import threading
import wave
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np

log = logging.getLogger(__name__)

#: A clear pitch that small loudspeakers carry, short against a reaction of 0.2 s and more, without a click (J).
PITCH_HZ, LENGTH_S, EDGE_S, LOUDNESS = 880.0, 0.15, 0.008, 0.5
RATE_HZ = 44_100
#: How long a program may take to play it before it is given up.
PLAY_S = 5.0

#: Plays a WAV file and returns when that is over; raises where it cannot. Called on a thread of its own.
Player = Callable[[Path], None]


def make_tone() -> bytes:
    """Make the tone as a WAV file, one channel of 16 bits."""
    time_s = np.arange(round(RATE_HZ * LENGTH_S)) / RATE_HZ
    edge = np.clip(np.minimum(time_s, LENGTH_S - time_s) / EDGE_S, 0.0, 1.0)
    samples = np.round(32767 * LOUDNESS * edge * np.sin(2 * np.pi * PITCH_HZ * time_s)).astype("<i2")
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def find_players() -> tuple[Player, ...]:
    """List what may play a sound here, best first."""
    players: list[Player] = []
    if find_spec("sounddevice") is not None:
        players.append(play_by_device)
    if sys.platform == "win32":
        players.append(play_by_windows)
    programs = ("afplay",) if sys.platform == "darwin" else ("pw-play", "paplay", "aplay")
    players += [program_player(path) for name in programs if (path := shutil.which(name)) is not None]
    return tuple(players)


def program_player(program: str) -> Player:
    """Return a player that runs a program."""

    def play(path: Path) -> None:
        quiet = subprocess.DEVNULL
        subprocess.run([program, str(path)], stdin=quiet, stdout=quiet, stderr=quiet, timeout=PLAY_S, check=True)

    return play


def play_by_device(path: Path) -> None:
    """Play by the `sounddevice` package (extra `sound`), which is the quickest to begin."""
    device = import_module("sounddevice")
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    device.play(samples, RATE_HZ, blocking=True)


def play_by_windows(path: Path) -> None:
    """Play by Windows itself."""
    windows = import_module("winsound")
    windows.PlaySound(str(path), windows.SND_FILENAME)


class Tone:
    """Play the tone on request, unless it is switched off or nothing can.

    Parameters
    ----------
    players
        What may play it, best first; one that fails is not asked again. None = what is found here.

    Attributes
    ----------
    on
        Whether the tone is wanted and something may still play it.
    """

    def __init__(self, players: Sequence[Player] | None = None) -> None:
        self._players = list(find_players() if players is None else players)
        self._wanted = True
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._playing: threading.Thread | None = None

    @property
    def on(self) -> bool:
        """Whether a tone will be tried."""
        return self._wanted and bool(self._players)

    @property
    def can_play(self) -> bool:
        """Whether anything here may still play it."""
        return bool(self._players)

    def toggle(self) -> None:
        """Switch the tone on or off."""
        self._wanted = not self._wanted

    def play(self) -> None:
        """Begin the tone and return at once; while one sounds there is no other."""
        if not self.on or (self._playing is not None and self._playing.is_alive()):
            return
        self._playing = threading.Thread(target=self._run, name="tone", daemon=True)
        self._playing.start()

    def close(self) -> None:
        """Let a tone end, and remove the file."""
        self._wanted = False
        if self._playing is not None:
            self._playing.join(PLAY_S)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _run(self) -> None:
        """Try one player after the other."""
        try:
            path = self._write()
        except OSError as error:
            log.info("no tone: %s", error)
            self._players.clear()
            return
        while self._players:
            try:
                self._players[0](path)
                return
            except Exception as error:  # a sound system may fail in any way, and no test stops for that
                log.info("no tone by this player: %s", error)
                del self._players[0]

    def _write(self) -> Path:
        """Write the file, once."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="firingorder-")
            (Path(self._folder.name) / "tone.wav").write_bytes(make_tone())
        return Path(self._folder.name) / "tone.wav"
