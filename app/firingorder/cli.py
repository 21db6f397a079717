"""The command line: `firingorder COMMAND`. Imports argparse and nothing heavier until a command runs.

Exit codes: 0 done; 1 the file or device could not be used (one line on stderr says why and what to do); 2 wrong
arguments; 130 ended with Ctrl-C before there was a result.
"""

import argparse
import io
import os
import signal
import sys
import threading
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType
from typing import Any, TypeVar, overload

#: command -> one line of help. Each is a module of `commands` with `add_arguments(parser)` and `run(arguments)`.
COMMANDS = {
    "demo": "six simulated lifts through the whole chain, in a window, or offscreen with a picture",
    "live": "run a test with sensors: record, analyze and show",
    "replay": "show a recording exactly as it was live",
    "review": "look through a recording, move an onset by hand, compare two visits",
    "analyze": "judge recordings and print the result",
    "history": "the visits of a person: file, compare, delete",
    "training": "a training plan: this week, what is done of it, reminders",
    "convert": "write recordings for other programs: BDF+, C3D, CSV, Parquet, BIDS-EMG",
    "cohort": "re-analyse a folder of recordings, on all cores or a cluster",
    "verify": "check recordings against their checksums, and name each row that was changed",
    "encrypt": "lock recordings with a passphrase",
    "decrypt": "unlock them for good",
    "anonymise": "make a copy of a recording that leads to nobody",
    "names": "which code is who, in an encrypted file of its own",
    "audit": "what was exported and deleted, when, and by which login",
    "recover": "save what can be read of a damaged recording into a new one",
    "protocols": "list the tests, or print one's file",
    "align": "measure the constant between unlike sensors, from a recording of taps on both",
    "devices": "list the sensors there are: on serial ports, in the air, on the network",
    "sensor": "a virtual wearable on pseudo-terminals, with faults on request",
}
EXIT_FAILED = 1
EXIT_INTERRUPTED = 130  # 128 + SIGINT, the shell's convention

EPILOG = """\
examples:
  firingorder demo                                   the whole product in a minute, without any hardware
  firingorder devices                                what is plugged in, in the air and on the network
  firingorder live /dev/ttyACM0 /dev/ttyACM1         a test with two sensors
  firingorder review visit.fo                        the whole recording: jump to a lift, correct an onset
  firingorder review may.fo june.fo                  two visits side by side
  firingorder analyze visit.fo                       a table of the lifts and the verdict
  firingorder analyze emg.csv --hamstring BF --glute GMAX --json > result.json

FiringOrder describes muscle timing; it is not a medical device. See the README for what it does not claim.
"""


Parsed = TypeVar("Parsed")


class CommandParser(argparse.ArgumentParser):
    """A command's parser: a slip in an option is told with its own usage, and with what was probably meant."""

    @overload
    def parse_known_args(
        self, args: Iterable[str] | None = None, namespace: None = None
    ) -> tuple[argparse.Namespace, list[str]]: ...
    @overload
    def parse_known_args(self, args: Iterable[str] | None, namespace: Parsed) -> tuple[Parsed, list[str]]: ...
    @overload
    def parse_known_args(self, *, namespace: Parsed) -> tuple[Parsed, list[str]]: ...
    def parse_known_args(self, args: Iterable[str] | None = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Parse, and leave nothing over for the parser above, which knows nothing of this command's options."""
        found, left = super().parse_known_args(args, namespace)
        if left:
            options = [option for action in self._actions for option in action.option_strings]
            hints = suggest(left[0].partition("=")[0], options)
            self.error(f"unrecognized arguments: {' '.join(left)}{hints}")
        return found, left


def suggest(word: str, known: Iterable[str]) -> str:
    """Say what was probably meant; nothing where nothing is like it."""
    from difflib import get_close_matches

    alike = get_close_matches(word, list(known), n=1)
    return f"; did you mean {alike[0]}?" if alike else ""


def build_parser(command: str | None) -> argparse.ArgumentParser:
    """Build the parser; only the chosen command's module is imported, for its arguments."""
    parser = argparse.ArgumentParser(
        prog="firingorder",
        description="Which muscle switches on first, hamstring or glute, and how sure that is.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=CommandParser)
    for name, text in COMMANDS.items():
        sub = commands.add_parser(
            name, help=text, description=text, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        if name == command:
            module = import_module(f"firingorder.commands.{name}")
            sub.epilog = module.EPILOG
            module.add_arguments(sub)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    try:
        return read_and_run(argv)
    except KeyboardInterrupt:
        print("firingorder: ended", file=sys.stderr)
        return EXIT_INTERRUPTED


def read_and_run(argv: Sequence[str] | None) -> int:
    """Read the arguments and do what they say."""
    speak_any_language()
    words = list(sys.argv[1:] if argv is None else argv)
    command = next((word for word in words if word in COMMANDS), None)
    parser = build_parser(command)
    first = next((word for word in words if not word.startswith("-")), None)
    if first is not None and first not in COMMANDS:
        hint = suggest(first, COMMANDS) or "; `firingorder --help` lists those there are"
        parser.error(f"there is no command {first!r}{hint}")
    arguments = parser.parse_args(words)
    if arguments.version:
        from importlib.metadata import version

        print(f"firingorder {version('firingorder')}")
        return 0
    if arguments.command is None:
        parser.print_help()
        return 0
    return run_command(arguments)


def run_command(arguments: argparse.Namespace) -> int:
    """Run the chosen command; turn the errors a user can mend into one line and an exit code."""
    from firingorder_signal.errors import FiringOrderError

    module = import_module(f"firingorder.commands.{arguments.command}")
    try:
        with ending_on_sigterm():
            code = int(module.run(arguments))
            if sys.stdout is not None:  # None where the caller has closed it
                sys.stdout.flush()
            return code
    except FiringOrderError as error:
        say_error(error)
        return EXIT_FAILED
    except BrokenPipeError:  # `firingorder analyze ... | head`: the reader has seen enough
        silence_stdout()
        return 0
    except OSError as error:  # what a file or device is to blame for has been told apart before
        silence_stdout()
        where = f"{error.filename}: " if error.filename else ""
        print(f"firingorder: stopped: {where}{error.strerror or error}", file=sys.stderr)
        return EXIT_FAILED


def say_error(error: Exception) -> None:
    """Print an error in one line, also where a library's words inside it fill several."""
    print(f"firingorder: {' '.join(str(error).split())}", file=sys.stderr)


def silence_stdout() -> None:
    """Keep Python from complaining once more when it flushes stdout at its end."""
    if sys.stdout is not None:  # None where the caller has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def speak_any_language() -> None:
    """Write `?` where a terminal cannot show a letter, instead of stopping at it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


@contextmanager
def ending_on_sigterm() -> Generator[None]:
    """Treat `kill` like Ctrl-C, so that recordings are finished and child processes ended."""

    def end(number: int, frame: FrameType | None) -> None:
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):  # a shell's background job ignores Ctrl-C, but never `kill`
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


if __name__ == "__main__":
    sys.exit(main())
