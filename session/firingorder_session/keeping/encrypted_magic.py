"""How an encrypted file begins: told without importing any cryptography."""

from pathlib import Path

#: First bytes of an encrypted file.
MAGIC = b"FOcrypt\n"
#: Behind the name of an encrypted file.
SUFFIX = ".enc"


def is_encrypted(path: Path) -> bool:
    """Tell whether a file begins as an encrypted one does; False where it cannot be read."""
    try:
        if not path.is_file():  # opening a pipe waits for whoever writes to it, for good if nobody does
            return False
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False
