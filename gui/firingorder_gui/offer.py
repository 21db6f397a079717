"""What the offer to go on with an unfinished test says, and what its keys mean. Keys as Qt numbers them; no widget."""

from dataclasses import dataclass
from enum import Enum

from firingorder_session.running.unfinished import Unfinished
from firingorder_signal.blocks import Side

from .qt import QtCore
from .texts import Texts

Key = QtCore.Qt.Key


class Choice(Enum):
    """What was chosen."""

    GO_ON = "go_on"
    NEW = "new"
    NEITHER = "neither"


#: A pedal says what it always says: next. Nothing is begun by a key that was meant for something else.
CHOICES: dict[int, Choice] = {
    Key.Key_Space: Choice.GO_ON,
    Key.Key_Return: Choice.GO_ON,
    Key.Key_Enter: Choice.GO_ON,
    Key.Key_PageDown: Choice.GO_ON,
    Key.Key_N: Choice.NEW,
    Key.Key_R: Choice.NEW,
    Key.Key_PageUp: Choice.NEW,
    Key.Key_Escape: Choice.NEITHER,
}


@dataclass(frozen=True)
class OfferContent:
    """The words of the card."""

    kicker: str
    title: str
    count: str
    question: str
    kept: str

    @property
    def spoken(self) -> str:
        """All of it, for a screen reader."""
        return f"{self.kicker}. {self.count}. {self.question} {self.kept}"


def offer_content(unfinished: Unfinished, texts: Texts) -> OfferContent:
    """Say what there is to go on with."""
    words, protocol = texts.offer, unfinished.protocol
    side = unfinished.side or Side.MIDDLE
    kicker = words.kicker if side is Side.MIDDLE else words.kicker_side
    count = words.holds if protocol.hold is not None else words.lifts
    return OfferContent(
        kicker.format(
            test=protocol.titles.get(texts.language, protocol.title),
            side=texts.sides[side],
            clock=f"{unfinished.begun.astimezone():%H:%M}",
        ),
        words.title,
        count.format(counted=unfinished.counted, wanted=unfinished.wanted),
        words.question,
        words.kept,
    )
