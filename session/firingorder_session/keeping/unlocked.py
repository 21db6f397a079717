"""Encrypted recordings that were opened in this process: their plain bytes stay in memory and never touch a disk.

The operating system may swap memory out; an encrypted swap, or none, is for whoever keeps the computer.
"""

import os
from pathlib import Path

from ..errors import SessionError, UnreadableFile
from .encrypted_magic import is_encrypted

#: Where a passphrase may come from instead of the terminal: the text itself, or the number of an open file.
PASSPHRASE, PASSPHRASE_FD = "FIRINGORDER_PASSPHRASE", "FIRINGORDER_PASSPHRASE_FD"


class PassphraseUnreadable(SessionError):
    """The environment names a place for a passphrase, and nothing can be read there."""


_plain: dict[Path, tuple[tuple[int, int], bytes]] = {}
_given: list[str] = []


def unlock(path: Path, passphrase: str) -> None:
    """Decrypt a file into memory; raise as `encryption.decrypt_chunks` does."""
    from .encryption import decrypt_bytes

    _plain[path.resolve()] = (_version_of(path), decrypt_bytes(path, passphrase))


def is_locked(path: Path) -> bool:
    """Tell whether a file is encrypted and was not opened yet, or has changed since."""
    return is_encrypted(path) and not _is_held(path)


def plain_bytes(path: Path) -> bytes | None:
    """Return what an encrypted file holds; None where it is not encrypted.

    Raises
    ------
    UnreadableFile
        It was not opened, and the environment holds no passphrase.
    """
    if not is_encrypted(path):
        return None
    if not _is_held(path):
        passphrase = stated_passphrase()
        if passphrase is None:
            text = f"is encrypted; give its passphrase to read(), on a terminal, in {PASSPHRASE} or by {PASSPHRASE_FD}"
            raise UnreadableFile(path, text)
        unlock(path, passphrase)
    return _plain[path.resolve()][1]


def lock_all() -> None:
    """Forget what encrypted files hold, and the passphrase that was handed over."""
    _plain.clear()
    _given.clear()


def stated_passphrase() -> str | None:
    """Return the passphrase that the environment states; a file that is handed over is read once.

    Raises
    ------
    PassphraseUnreadable
        No open file has that number.
    """
    if _given:
        return _given[0]
    if (text := os.environ.get(PASSPHRASE)) is not None:
        return text
    number = os.environ.get(PASSPHRASE_FD, "")
    if not number:
        return None
    try:
        # Any bytes, as the environment's: whoever saved a passphrase in Latin 1 is not to be locked out.
        with os.fdopen(int(number), encoding="utf-8", errors="surrogateescape") as file:
            _given.append(file.readline().rstrip("\r\n"))
    except (OSError, ValueError, TypeError, OverflowError) as error:
        expected = f"expected the number of an open file, such as 3 with `3< secret.txt`, got {number!r}"
        raise PassphraseUnreadable(f"{PASSPHRASE_FD}: {expected}") from error
    return _given[0]


def _is_held(path: Path) -> bool:
    held = _plain.get(path.resolve())
    return held is not None and held[0] == _version_of(path)


def _version_of(path: Path) -> tuple[int, int]:
    """Return what changes when a file is written again."""
    state = path.stat()
    return state.st_mtime_ns, state.st_size
