"""Ask for passphrases: on the terminal without showing them, or from where the environment says (`unlocked.py`)."""

import os
import sys
from collections.abc import Iterable
from getpass import getpass
from pathlib import Path

from firingorder_session.errors import SessionError

#: How often a wrong passphrase may be typed.
TRIES = 3
#: Fewest letters of a new one: NIST SP 800-63B-4, 3.1.1.2 (15 where it is all there is; 8 at the very least).
SHORTEST = 8


class NoPassphrase(SessionError):
    """Nobody could be asked, or nothing usable was answered."""


def unlock_files(paths: Iterable[Path]) -> None:
    """Open those of some files that are encrypted, asking for each; raise WrongPassphrase or NoPassphrase."""
    from firingorder_session.keeping.unlocked import is_locked

    for path in paths:
        if is_locked(path):
            _unlock(path)


def _unlock(path: Path) -> None:
    """Open one file."""
    from firingorder_session.keeping.encryption import WrongPassphrase
    from firingorder_session.keeping.unlocked import stated_passphrase, unlock

    stated = stated_passphrase()
    for left in reversed(range(TRIES if stated is None else 1)):
        try:
            unlock(path, ask(f"passphrase of {path.name}: ") if stated is None else stated)
            return
        except WrongPassphrase as error:
            if not left:
                raise
            print(f"firingorder: {error}", file=sys.stderr)


def find_passphrase(path: Path, *, new: bool = False) -> str:
    """Return the passphrase of a file, or a new one for it, typed twice; raise NoPassphrase."""
    from firingorder_session.keeping.unlocked import stated_passphrase

    found = stated_passphrase()
    if found is None:
        found = ask(f"{'new ' if new else ''}passphrase of {path.name}: ")
        if new and found != ask("once more: "):
            raise NoPassphrase("the two passphrases differ; nothing was encrypted")
    if new and len(found) < SHORTEST:
        text = f"a new passphrase has at least {SHORTEST} letters; several words are easiest to remember"
        raise NoPassphrase(f"{text}; nothing was encrypted")
    return found


def ask(prompt: str) -> str:
    """Ask on the terminal; what is typed is not shown."""
    from firingorder_session.keeping.unlocked import PASSPHRASE, PASSPHRASE_FD

    if not has_terminal():
        raise NoPassphrase(f"{prompt}nobody can be asked without a terminal; set {PASSPHRASE} or {PASSPHRASE_FD}")
    try:
        return getpass(prompt)
    except EOFError:
        raise NoPassphrase(f"{prompt}nothing was typed") from None


def has_terminal() -> bool:
    """Tell whether somebody can type without it being shown."""
    if os.name != "posix":
        return sys.stdin.isatty()
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
