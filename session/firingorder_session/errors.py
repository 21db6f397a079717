"""Why a file could not be used: one class for each thing a caller would do differently."""

from pathlib import Path

from firingorder_signal.errors import FiringOrderError

from .messages import Message, MessageCode


class SessionError(FiringOrderError):
    """Anything about tests and files that FiringOrder refuses."""


class ToldError(SessionError):
    """What the window says of it in its own language, and the terminal in English.

    Attributes
    ----------
    message
        What is the matter.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class UnreadableFile(SessionError):
    """A file is not what it should be, or leaves a question open: its text says which, and what to do.

    Attributes
    ----------
    path
        The file.
    """

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(f"{path}: {text}")
        self.path = path


class RecordingRefused(SessionError):
    """A recording cannot be made there; said before a test starts, when nothing is lost yet.

    Attributes
    ----------
    path
        The file that was to be made.
    """

    def __init__(self, path: Path, text: str) -> None:
        super().__init__(f"cannot record to {path}: {text}")
        self.path = path


class RecordingStopped(ToldError):
    """A recording had to stop in the middle; everything committed before is safe in its file.

    Attributes
    ----------
    path
        The file, closed.
    """

    def __init__(self, path: Path, why: Message) -> None:
        super().__init__(Message(MessageCode.RECORDING_STOPPED, {"path": str(path), "why": why}))
        self.path = path


class ProtocolRefused(SessionError):
    """A test cannot be used as it is written: its text names the file, the key and what was expected.

    Attributes
    ----------
    where
        The file, or what else it was read from.
    """

    def __init__(self, where: str, text: str) -> None:
        super().__init__(f"{where}: {text}")
        self.where = where
