"""`firingorder protocols`: the tests there are, and their files."""

import argparse

EPILOG = """\
examples:
  firingorder protocols                                        the tests, one a line
  firingorder protocols prone_hip_extension                    its file, to be read
  firingorder protocols prone_hip_extension > mine.toml        a copy, to be changed: give it another name first
  firingorder protocols mine.toml                              whether a file of one's own is right, and what it is
  firingorder live --protocol mine.toml /dev/ttyACM0 /dev/ttyACM1
  firingorder analyze --protocol mine.toml visit.fo

A recording keeps the whole file of its test, so that it is judged the same elsewhere. Keys: docs/protocols.md.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("protocol", nargs="?", metavar="NAME|FILE.toml", help="print this test's file")


def run(arguments: argparse.Namespace) -> int:
    """List the tests, or print one."""
    from firingorder_session.protocols.catalogue import find_protocol, load_protocol, protocol_names

    if arguments.protocol is not None:
        print(load_protocol(arguments.protocol).text, end="")
        return 0
    width = max(map(len, protocol_names()))
    for name in protocol_names():
        protocol = find_protocol(name)
        asked = f"{protocol.wanted} {'holds' if protocol.hold else 'lifts'}"
        print(f"{name:<{width}}  {asked}  {protocol.title}")
    return 0
