"""The tests there are: those that come with the program, and a clinician's own file.

Each is a TOML file that can be read aloud, copied and changed (`firingorder protocols NAME` prints it). The order of
the muscles needs nothing but rest before each lift; everything else in a test is what makes two lifts comparable. A
bridge without a sensor on the other thigh is just a bridge, and counts in the test of either kind.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from firingorder_signal.errors import FiringOrderError

from ..errors import ProtocolRefused
from .protocol_file import parse_protocol
from .protocol_plan import Protocol

#: Where the tests that come with the program lie.
FOLDER = files(__package__ or "") / "tests_as_data"
SUFFIX = ".toml"


class UnknownProtocol(FiringOrderError):
    """A protocol was asked for by a name that no protocol has."""


@cache
def protocol_names() -> tuple[str, ...]:
    """Return the names of the tests that come with the program, in the order of the alphabet."""
    return tuple(sorted(each.name.removesuffix(SUFFIX) for each in FOLDER.iterdir() if each.name.endswith(SUFFIX)))


def read_protocol_text(name: str) -> str:
    """Return the file of a test that comes with the program, as it is written; raise UnknownProtocol for any other."""
    if name not in protocol_names():
        raise UnknownProtocol(f"no protocol is called {name!r}; there are: {', '.join(protocol_names())}")
    return (FOLDER / f"{name}{SUFFIX}").read_text(encoding="utf-8")


@cache
def find_protocol(name: str) -> Protocol:
    """Return the protocol of that name; raise UnknownProtocol, naming those there are, for any other.

    Examples
    --------
    >>> find_protocol("prone_hip_extension").title
    'Prone hip extension'
    """
    return parse_protocol(read_protocol_text(name), f"{name}{SUFFIX}")


def load_protocol(name_or_file: str | Path) -> Protocol:
    """Return the test of that name, or the one a file describes.

    Parameters
    ----------
    name_or_file
        A name, or the path of a file that ends in `.toml`.

    Raises
    ------
    UnknownProtocol
        There is no test of that name.
    ProtocolRefused
        The file cannot be read, is not quite right, or has the name of another test and is not that test.
    """
    path = Path(name_or_file)
    if path.suffix != SUFFIX:
        return find_protocol(str(name_or_file))
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ProtocolRefused(str(path), "is no text in UTF-8; save it as UTF-8") from None
    except OSError as error:
        raise ProtocolRefused(str(path), f"cannot be read ({(error.strerror or str(error)).lower()})") from None
    protocol = parse_protocol(text, str(path))
    # Results carry the name: two tests of one name would be taken for one another.
    if protocol.name in protocol_names() and text != read_protocol_text(protocol.name):
        raise ProtocolRefused(
            str(path), f"name: {protocol.name!r} is the name of a test that comes with the program; choose another"
        )
    return protocol
