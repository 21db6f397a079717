"""One example of everything that a session tells its window, by code: whoever adds a code must add its example.

`told` is matched to the end, so that the type checkers and the tests name a code that has none.
"""

from typing import assert_never

from firingorder_session.events.live_events import (
    LiveEvent,
    Notice,
    NoticeKind,
    Phase,
    PhaseChanged,
    RecordingChanged,
    SessionEnded,
)
from firingorder_session.message_codes import MessageCode as Code
from firingorder_session.messages import Fact, Message, Placed
from firingorder_signal.blocks import Side, Site

#: Names as they are typed or as systems give them: alike in every language.
LINKS = ("ble:OML-A", "ble:OML-B")
UNITS = (Placed("umyo-4fd54fd5", Site.parse("hamstring_lateral/right")),)
CHANNELS = (Placed("A1", Site.parse("gluteus_maximus/right")), Placed("A2"))
COMMAND, EXAMPLE, SYSTEM = "echo 1 | sudo tee /sys/x", "umyo:...?sites=4fd5:gluteus_maximus/right", "SQLITE_IOERR"


def told(code: Code) -> LiveEvent | Message:
    """Return the event that brings a code to the live window; of the review, whose codes are no events, the message."""
    match code:
        case Code.ON_MAINS | Code.MAINS_UNKNOWN:
            return Notice(NoticeKind.ELECTRICAL, Message(code, {"ports": ("/dev/ttyACM0", "/dev/ttyACM1")}))
        case Code.ADAPTER_HOLDS_BACK:
            facts: dict[str, Fact] = {"port": "/dev/ttyUSB0", "ms": 16, "command": COMMAND}
            return Notice(NoticeKind.ADAPTER, Message(code, facts), "/dev/ttyUSB0")
        case Code.SENT_ON_NETWORK:
            return Notice(NoticeKind.NETWORK, Message(code))
        case Code.LOAD_MAY_LOSE | Code.LOAD_WILL_LOSE:
            return _load(code, "/dev/ttyUSB0")
        case Code.ON_RADIO:
            return _load(Code.LOAD_WILL_LOSE, Message(code, {"links": LINKS}))
        case Code.ON_CARRIER:
            return _load(Code.LOAD_WILL_LOSE, Message(code, {"links": LINKS, "carrier": "hub1"}))
        case Code.CAME_LATE:
            return Notice(NoticeKind.SENSORS, Message(code, {"sensor": "umyo-4fd54fd5"}), "umyo-4fd54fd5")
        case Code.NOT_HEARD:
            return Notice(NoticeKind.SENSORS, Message(code, {"units": UNITS}))
        case Code.OTHER_KIND | Code.KINDS_THERE_ARE:
            hint = Message(Code.KINDS_THERE_ARE, {"kinds": ("ble:", "umyo:"), "usual": "Open Muscle Link 1"})
            facts = {"link": "/dev/ttyUSB0", "count": 812, "kind": "umyo", "hint": hint}
            return Notice(NoticeKind.SENSORS, Message(Code.OTHER_KIND, facts), "/dev/ttyUSB0")
        case Code.BOTH_LEGS:
            return Notice(NoticeKind.SIDES, Message(code, {"shown": Side.LEFT, "others": (Side.RIGHT,)}))
        case Code.NO_EMG:
            return Notice(NoticeKind.CHANNELS, Message(code))
        case Code.UNNAMED_HAMSTRING | Code.UNNAMED_GLUTE | Code.UNNAMED_BOTH:
            return _unnamed(code, Code.CHANNELS, Message(Code.NAME_CHANNELS, {"example": EXAMPLE}))
        case Code.ONE_CHANNEL | Code.CHANNELS:
            return _unnamed(Code.UNNAMED_BOTH, code, Message(Code.NAME_CHANNELS, {"example": EXAMPLE}))
        case Code.NAME_UNITS | Code.NAME_CHANNELS:
            return _unnamed(Code.UNNAMED_BOTH, Code.CHANNELS, Message(code, {"example": EXAMPLE}))
        case Code.NAME_IN_FILE:
            return _unnamed(Code.UNNAMED_BOTH, Code.CHANNELS, Message(code, {"command": COMMAND}))
        case Code.WAITING_FOR:
            return PhaseChanged(Phase.CONNECTING, detail=Message(code, {"units": UNITS}))
        case Code.RECORDING_STOPPED:
            return _stopped(Message(code, {"path": "/home/a/visit.fo", "why": Message(Code.DISK_FULL)}))
        case Code.FOLDER_READ_ONLY | Code.FOLDER_FULL | Code.FILE_READ_ONLY | Code.RECORDER_FAILED | Code.DISK_FULL:
            return _stopped(Message(code))
        case Code.FOLDER_REFUSES | Code.DISK_REFUSES | Code.DATABASE_REFUSES:
            return _stopped(Message(code, {"system": SYSTEM}))
        case Code.DISK_SLOW:
            return _stopped(Message(code, {"count": 65_536}))
        case Code.ANALYSIS_FAILED | Code.ACQUISITION_FAILED:
            return SessionEnded(Message(code))
        case Code.FILE_BROKEN:
            return Message(code, {"name": "visit.fo", "path": "/home/a/visit.fo"})
        case Code.NOT_WRITABLE | Code.LOCKED | Code.IN_USE | Code.GONE:
            return Message(code, {"name": "visit.fo"})
        case Code.NOT_ADDED:
            return Message(code, {"name": "visit.fo", "why": Message(Code.DISK_FULL)})
        case Code.OTHER_SUBJECT | Code.NOTHING_TO_FILE | Code.FILED_ELSEWHERE | Code.NO_DAY:
            who = {"name": "visit.fo", "path": "/home/a/visit.fo", "stated": "M4T9", "code": "K7Q2", "other": "X9Y9"}
            return Message(code, who)
        case Code.NO_SUCH_SUBJECT:
            return Message(code, {"code": "K7Q2"})
        case Code.HISTORY_UNUSABLE | Code.HISTORY_NOT_KEPT | Code.NO_AUDIT_LINE:
            where = {"where": "sqlite:///h", "path": "/home/a/h", "variable": "FIRINGORDER_DATABASE", "system": SYSTEM}
            return Message(code, where)
        case Code.HISTORY_NEWER:
            return Message(code, {"layout": "9999", "known": "0002"})
        case Code.NO_TEXT:
            return Message(code, {"what": "'\\udcff'"})
        case Code.REPORT_NOT_WRITTEN:
            return Message(code, {"path": "/home/a/visit.pdf", "why": Message(Code.FOLDER_FULL)})
        case Code.JUDGE_LOST | Code.NO_CORRECTIONS_HERE | Code.NOBODY_SAYS_WHO | Code.NOT_MOVABLE | Code.NOTHING_MOVED:
            return Message(code)
        case _:
            assert_never(code)


def message_of(event: LiveEvent | Message) -> Message:
    """Return what an example says."""
    match event:
        case Message():
            return event
        case Notice(message=message):
            return message
        case PhaseChanged(detail=Message() as message):
            return message
        case RecordingChanged(error=Message() as message) | SessionEnded(error=Message() as message):
            return message
        case _:
            raise AssertionError(event)


def _load(code: Code, who: Fact) -> Notice:
    """Make a notice of a link that is asked for too much."""
    return Notice(NoticeKind.CAPACITY, Message(code, {"who": who, "asked": 41.5, "able": 49}), "air")


def _unnamed(code: Code, channels: Code, how: Message) -> Notice:
    """Make a notice of channels that nobody named."""
    names = CHANNELS if channels is Code.CHANNELS else CHANNELS[1:]
    facts: dict[str, Fact] = {"channels": Message(channels, {"names": names}), "how": (how,)}
    return Notice(NoticeKind.CHANNELS, Message(code, facts))


def _stopped(why: Message) -> RecordingChanged:
    """Make the end of a recording."""
    return RecordingChanged("/home/a/visit.fo", recording=False, error=why)
