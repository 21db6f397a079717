"""Files encrypted with a passphrase: AES-256-GCM in chunks, a key by scrypt, and every cut or changed byte noticed.

Layout: a header of 64 bytes, then chunks of 64 KiB, the last one shorter, each followed by its 16 bytes of tag. The key
is made of the passphrase and a random salt of the file's own, so that no key is used for two files and the nonces may
simply count. A chunk's nonce holds its number and whether it is the last (the STREAM construction: Hoang, Reyhanitabar,
Rogaway, Vizár 2015, doi:10.1007/978-3-662-47989-6_24; as in age, https://age-encryption.org/v1), and each tag covers
the header too: chunks that were taken out, exchanged, repeated or cut off do not fit.

A passphrase that is forgotten cannot be replaced by anything: there is no other way in.
"""

import os
import struct
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from unicodedata import normalize

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ..errors import SessionError
from .encrypted_magic import MAGIC
from .report_share import ReportShare, tell_nobody

#: OWASP Password Storage Cheat Sheet, scrypt: N=2^17, r=8, p=1 (128 MiB); measured 0.4 s on one core.
LOG2_N, BLOCK_R, PARALLEL_P = 17, 8, 1
#: A header that asks for more than 1 GiB or 16 rounds is damage, or means harm.
MOST_LOG2_N, MOST_R, MOST_P = 20, 8, 16
#: As in age: small against memory, large against the tag's 16 bytes.
CHUNK = 64 * 1024
TAG = 16
#: magic, version, log2 N, r, p, chunk size, salt; then the tag of nothing, by which a wrong passphrase is told.
_HEADER = struct.Struct("<8sBBBBI32s")
HEADER_SIZE = _HEADER.size + TAG
VERSION = 1
#: Nonce: 7 bytes of zero, the number of the chunk (4), what it is (1).
_NONCE = struct.Struct(">7xIB")
_MIDDLE, _LAST, _CHECK = 0, 1, 2
_EXISTS = "exists and is never overwritten; choose another name"


class EncryptedFileRefused(SessionError):
    """An encrypted file cannot be opened, or a file not encrypted; nothing was changed."""

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(f"{path}: {text}")
        self.path = path


class WrongPassphrase(EncryptedFileRefused):
    """The passphrase is another; asking again may help."""


class EncryptedFileDamaged(EncryptedFileRefused):
    """Bytes of an encrypted file were changed, or are missing."""


@dataclass(frozen=True)
class _Header:
    """How a file is encrypted; `data` are its bytes, which every tag covers."""

    data: bytes
    log2_n: int
    r: int
    p: int
    salt: bytes

    @classmethod
    def new(cls) -> "_Header":
        """Draw a salt."""
        salt = os.urandom(32)
        data = _HEADER.pack(MAGIC, VERSION, LOG2_N, BLOCK_R, PARALLEL_P, CHUNK, salt)
        return cls(data, LOG2_N, BLOCK_R, PARALLEL_P, salt)

    @classmethod
    def read(cls, path: Path, data: bytes) -> "_Header":
        """Read it; raise EncryptedFileRefused where it is none, or of a later version."""
        if len(data) < _HEADER.size:
            raise EncryptedFileDamaged(path, "is an encrypted file of which only the first bytes are there")
        magic, version, log2_n, r, p, chunk, salt = _HEADER.unpack(data)
        if magic != MAGIC:
            raise EncryptedFileRefused(path, "is not encrypted by FiringOrder")
        if version > VERSION:
            raise EncryptedFileRefused(path, "was encrypted by a later version; update FiringOrder")
        if not (0 < log2_n <= MOST_LOG2_N and 0 < r <= MOST_R and 0 < p <= MOST_P and chunk == CHUNK):
            raise EncryptedFileDamaged(path, "its header was changed; look for another copy")
        return cls(data, log2_n, r, p, salt)

    def cipher(self, passphrase: str) -> AESGCM:
        """Make the key; takes a third of a second, on purpose.

        One system's keyboard gives an umlaut as one character, another's as two: one passphrase (NFC, UAX #15).
        """
        passphrase = normalize("NFC", passphrase)
        scrypt = Scrypt(salt=self.salt, length=32, n=1 << self.log2_n, r=self.r, p=self.p)
        return AESGCM(scrypt.derive(passphrase.encode(errors="surrogateescape")))

    def check(self, cipher: AESGCM) -> bytes:
        """Return the tag of nothing."""
        return cipher.encrypt(_NONCE.pack(0, _CHECK), b"", self.data)


def encrypt_bytes(plain: bytes, passphrase: str) -> bytes:
    """Encrypt what is in memory."""
    header = _Header.new()
    cipher = header.cipher(passphrase)
    parts = [header.data, header.check(cipher)]
    starts = range(0, max(len(plain), 1), CHUNK)
    for number, start in enumerate(starts):
        nonce = _NONCE.pack(number, _LAST if start == starts[-1] else _MIDDLE)
        parts.append(cipher.encrypt(nonce, plain[start : start + CHUNK], header.data))
    return b"".join(parts)


def decrypt_bytes(path: Path, passphrase: str) -> bytes:
    """Return what an encrypted file holds; raise as `decrypt_chunks` does."""
    return b"".join(decrypt_chunks(path, passphrase))


def decrypt_chunks(path: Path, passphrase: str) -> Iterator[bytes]:
    """Yield what an encrypted file holds, piece by piece; each piece is genuine, the whole only when all came.

    Raises
    ------
    WrongPassphrase
        It is another.
    EncryptedFileDamaged
        Bytes were changed or are missing, and where.
    EncryptedFileRefused
        It is no such file, or cannot be read.
    """
    try:
        with path.open("rb") as file:
            yield from _decrypt(path, file, passphrase)
    except OSError as error:
        raise EncryptedFileRefused(path, f"cannot be read ({(error.strerror or str(error)).lower()})") from error


def _decrypt(path: Path, file: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """Yield the chunks of an open file."""
    header = _Header.read(path, file.read(_HEADER.size))
    stored = file.read(TAG)
    cipher = header.cipher(passphrase)
    if stored != header.check(cipher):
        text = "is only there in its first bytes" if len(stored) < TAG else "the passphrase is not the one it was"
        raise WrongPassphrase(path, f"{text} encrypted with, or its first {HEADER_SIZE} bytes were changed")
    number, at = 0, HEADER_SIZE
    sealed = file.read(CHUNK + TAG)
    while True:
        following = file.read(CHUNK + TAG)
        last = _MIDDLE if following else _LAST
        try:
            yield cipher.decrypt(_NONCE.pack(number, last), sealed, header.data)
        except InvalidTag:
            raise EncryptedFileDamaged(path, _say_damage(cipher, header, number, sealed, at, last)) from None
        if not following:
            return
        number, at, sealed = number + 1, at + len(sealed), following


def _say_damage(cipher: AESGCM, header: _Header, number: int, sealed: bytes, at: int, last: int) -> str:
    """Say what is wrong with a chunk: it may be genuine but not where it should be."""
    with_other_end = _MIDDLE if last == _LAST else _LAST
    try:
        cipher.decrypt(_NONCE.pack(number, with_other_end), sealed, header.data)
    except InvalidTag:
        where = f"between byte {at} and {at + max(len(sealed), 1) - 1}"
        return f"was changed or cut off {where}; nothing of it is given out; look for another copy"
    what = "its end is missing" if last == _LAST else "something was put behind its end"
    return f"{what} (at byte {at + len(sealed)}); nothing of it is given out; look for another copy"


def encrypt_file(
    path: Path,
    out: Path,
    passphrase: str,
    *,
    keep: bool = False,
    report_progress: ReportShare = tell_nobody,
) -> None:
    """Encrypt a file; the plain one is removed when the other is on the disk, read back, and was found the same.

    Removing frees the name and the place; a disk may hold the old bytes until it writes there again.

    Raises
    ------
    EncryptedFileRefused
        It cannot be read, `out` exists or cannot be written, or what was read back is not what was written.
    """
    with _whole(out) as part:
        written = _write_sealed(path, part, passphrase, report_progress)
        if _read_back(part, passphrase, path.stat().st_size, report_progress) != written:
            text = "what was read back from the disk was not what was written; it stays as it is"
            raise EncryptedFileRefused(path, text)
    if not keep:
        path.unlink()
        _settle_folder(path.parent)


def _write_sealed(path: Path, part: Path, passphrase: str, report: ReportShare) -> bytes:
    """Write the encrypted file, have it on the disk, and return the digest of the plain one."""
    digest, header = sha256(), _Header.new()
    cipher = header.cipher(passphrase)
    size = max(path.stat().st_size, 1)
    with part.open("wb") as sealed, path.open("rb") as plain:
        sealed.write(header.data + header.check(cipher))
        number, piece = 0, plain.read(CHUNK)
        while True:
            following = plain.read(CHUNK)
            digest.update(piece)
            sealed.write(cipher.encrypt(_NONCE.pack(number, _MIDDLE if following else _LAST), piece, header.data))
            report(0.5 * min(number * CHUNK / size, 1.0))
            if not following:
                break
            number, piece = number + 1, following
    _settle(part)
    return digest.digest()


def _read_back(part: Path, passphrase: str, size: int, report: ReportShare) -> bytes:
    """Return the digest of what an encrypted file holds; of nothing where it does not fit."""
    digest = sha256()
    try:
        for number, piece in enumerate(decrypt_chunks(part, passphrase)):
            digest.update(piece)
            report(0.5 + 0.5 * min(number * CHUNK / max(size, 1), 1.0))
    except EncryptedFileRefused:
        return b""
    return digest.digest()


def decrypt_file(path: Path, out: Path, passphrase: str, *, keep: bool = False) -> None:
    """Decrypt a file; the encrypted one is removed when the other is on the disk. Raise as `decrypt_chunks` does."""
    with _whole(out) as part:
        with part.open("wb") as plain:
            for piece in decrypt_chunks(path, passphrase):
                plain.write(piece)
        _settle(part)
    if not keep:
        path.unlink()
        _settle_folder(path.parent)


@contextmanager
def _whole(out: Path) -> Generator[Path]:
    """Give a new file beside `out` that its owner alone may read; it takes that name when all is done, or goes.

    What came before damage is never left lying about as if it were whole, and another program's part is left alone.
    """
    part = out.with_name(out.name + ".part")
    for taken in (out, part):
        if taken.exists():
            raise EncryptedFileRefused(taken, _EXISTS)
    try:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise _refuse_writing(out, error) from error
    try:
        yield part
        if out.exists():
            raise EncryptedFileRefused(out, _EXISTS)
        part.rename(out)
        _settle_folder(out.parent)
    except OSError as error:
        if error.filename is not None and Path(error.filename) not in (part, out, out.parent):
            why = (error.strerror or str(error)).lower()
            raise EncryptedFileRefused(Path(error.filename), f"cannot be read ({why})") from error
        raise _refuse_writing(out, error) from error
    finally:
        part.unlink(missing_ok=True)


def _refuse_writing(path: Path, error: OSError) -> EncryptedFileRefused:
    """Say that a disk did not take a file, and that the one it was to be made from is still there."""
    why = (error.strerror or str(error)).lower()
    text = f"cannot be written ({why}); nothing was removed; make room, or copy it elsewhere"
    return EncryptedFileRefused(path, text)


def _settle(path: Path) -> None:
    """Have a file and its name on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    _settle_folder(path.parent)


def _settle_folder(folder: Path) -> None:
    """Have a folder's names on the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
