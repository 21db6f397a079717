"""The English sentence of each message, as the terminal says it; what a second language has to fill is `MessageWords`.

They begin with a small letter and have no full stop at the end, unless several sentences are one message.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from firingorder_signal.blocks import Side

from .message_codes import MessageCode

SENTENCES: dict[MessageCode, str] = {
    MessageCode.ON_MAINS: (
        "electrical safety: the computer is connected to the mains, and with it, by cable, {ports}. While electrodes "
        "are on a person, run the computer from its battery, or put a USB isolator for medical use in between; a "
        "Bluetooth sensor needs neither."
    ),
    MessageCode.MAINS_UNKNOWN: (
        "electrical safety: the computer is perhaps connected to the mains (this system does not say), and with it, by "
        "cable, {ports}. While electrodes are on a person, run the computer from its battery, or put a USB isolator "
        "for medical use in between; a Bluetooth sensor needs neither."
    ),
    MessageCode.ADAPTER_HOLDS_BACK: "{port} holds bytes back for up to {ms} ms. Once: {command}",
    MessageCode.SENT_ON_NETWORK: (
        "LSL: this test is sent on the network: others on this network can read its signals and results"
    ),
    MessageCode.LOAD_MAY_LOSE: (
        "{who}: {asked} kB/s of about {able}: samples may be lost. Use fewer channels, a lower rate, or a link (or "
        "adapter) for each half of the sensors."
    ),
    MessageCode.LOAD_WILL_LOSE: (
        "{who}: {asked} kB/s of about {able}: samples will be lost. Use fewer channels, a lower rate, or a link (or "
        "adapter) for each half of the sensors."
    ),
    MessageCode.CAME_LATE: (
        "{sensor} came after the test had begun: it is recorded, and takes no part. To use it, begin a new test."
    ),
    MessageCode.NOT_HEARD: "not heard: {units}; the test begins without. Is it on, and near its base?",
    MessageCode.OTHER_KIND: "{link} sent {count} bytes that are no {kind}. {hint}",
    MessageCode.BOTH_LEGS: (
        "both legs have muscle channels: shown is the {shown} one, and the {others} one is judged too; --side chooses "
        "one"
    ),
    MessageCode.NO_EMG: "no channel of EMG is there, so that no order can be judged",
    MessageCode.UNNAMED_HAMSTRING: (
        "{channels}; none is named as a hamstring, so that no order can be judged. To name them, {how}"
    ),
    MessageCode.UNNAMED_GLUTE: (
        "{channels}; none is named as gluteus maximus, so that no order can be judged. To name them, {how}"
    ),
    MessageCode.UNNAMED_BOTH: (
        "{channels}; none is named as a hamstring or as gluteus maximus, so that no order can be judged. To name "
        "them, {how}"
    ),
    MessageCode.WAITING_FOR: "waiting for {units}",
    MessageCode.RECORDING_STOPPED: "the recording {path} stopped: {why}; everything up to then is safe in it",
    MessageCode.ANALYSIS_FAILED: (
        "the analysis stopped by an error of the program; the recording is whole and can be analyzed again"
    ),
    MessageCode.ACQUISITION_FAILED: (
        "the acquisition stopped by an error of the program; what was recorded up to then is safe"
    ),
    MessageCode.FILE_BROKEN: (
        "{name} cannot be read to its end: copy it anew, or save what can be read: firingorder recover {path}"
    ),
    MessageCode.JUDGE_LOST: "the analysis was broken off by the system; open the recording again",
    MessageCode.NO_CORRECTIONS_HERE: ("corrections are kept in .fo recordings only; this is a file of another system"),
    MessageCode.NOT_WRITABLE: (
        "{name}: is read-only here, so that nothing can be kept beside it; copy it to another folder"
    ),
    MessageCode.LOCKED: "{name}: is encrypted, and is not changed so; decrypt it first (firingorder decrypt)",
    MessageCode.IN_USE: "{name}: is still being recorded or read by another program; end that first",
    MessageCode.GONE: "{name}: can no longer be read, so that nothing was kept; was it moved, or its stick pulled out?",
    MessageCode.NOT_ADDED: "{name}: nothing could be added ({why})",
    MessageCode.NOBODY_SAYS_WHO: "nobody says who moves the onset; give initials",
    MessageCode.NOT_MOVABLE: "only an onset that was found, in a lift that was judged, can be moved",
    MessageCode.NOTHING_MOVED: "no onset was moved by hand",
    MessageCode.OTHER_SUBJECT: "{name} says that it is of {stated}; it is not filed under {code}",
    MessageCode.NOTHING_TO_FILE: "{name} holds nothing to file: no test was judged; type: firingorder analyze {path}",
    MessageCode.FILED_ELSEWHERE: "{name} is filed under {other} already; `history remove {other} FILE` undoes it",
    MessageCode.NO_DAY: "{name} does not say when it was made; add --day YYYY-MM-DD",
    MessageCode.NO_SUCH_SUBJECT: "no subject has the code {code}; `firingorder history` lists those there are",
    MessageCode.HISTORY_UNUSABLE: "the history at {where} cannot be used: {system}",
    MessageCode.HISTORY_NOT_KEPT: "the history cannot be kept in {path} ({system}); {variable} names another file",
    MessageCode.HISTORY_NEWER: (
        "the history was made by a later version of FiringOrder (layout {layout}; this one knows up to {known}); "
        "update FiringOrder"
    ),
    MessageCode.NO_TEXT: "{what} is no text that a database can hold; rename the file, or type it anew",
    MessageCode.NO_AUDIT_LINE: (
        "no audit line can be kept in {path} ({system}); nothing is exported or deleted without one; {variable} names "
        "another file"
    ),
    MessageCode.REPORT_NOT_WRITTEN: "cannot write the report to {path}: {why}",
    MessageCode.FOLDER_READ_ONLY: "the folder is read-only for this user; choose another",
    MessageCode.FOLDER_FULL: "the disk is full; make room or choose another folder",
    MessageCode.FOLDER_REFUSES: "{system}; choose another folder",
    MessageCode.DISK_FULL: "the disk is full",
    MessageCode.FILE_READ_ONLY: "the file became read-only",
    MessageCode.DISK_REFUSES: "the disk did not take it ({system})",
    MessageCode.DISK_SLOW: "the disk is too slow, {count} chunks were waiting for it",
    MessageCode.DATABASE_REFUSES: "the file did not take it ({system})",
    MessageCode.RECORDER_FAILED: "an error inside FiringOrder, shown in the terminal",
    MessageCode.ON_RADIO: "{links} on the Bluetooth adapter",
    MessageCode.ON_CARRIER: "{links} on {carrier}",
    MessageCode.ONE_CHANNEL: "the channel is {names}",
    MessageCode.CHANNELS: "the channels are {names}",
    MessageCode.NAME_UNITS: "add to the address which unit is where, such as '{example}'",
    MessageCode.NAME_CHANNELS: "add to the address where each channel sits, in this order, such as '{example}'",
    MessageCode.NAME_IN_FILE: "type: {command}",
    MessageCode.KINDS_THERE_ARE: (
        "Is it on, and of that kind? Kinds are {kinds} before the port or name; without one it is {usual}. "
        "`firingorder devices` lists what is there."
    ),
}


@dataclass(frozen=True)
class MessageWords:
    """The words of messages in one language.

    Attributes
    ----------
    sentences
        What each says; the names in braces are its facts, the same in every language.
    sides
        A leg inside of a sentence; MIDDLE = muscles of which nobody said a side.
    placed
        A sensor or channel with its `{name}` and where it sits, `{site}`.
    """

    sentences: Mapping[MessageCode, str]
    sides: Mapping[Side, str]
    placed: str = "{name} ({site})"


ENGLISH = MessageWords(SENTENCES, {Side.LEFT: "left", Side.RIGHT: "right", Side.MIDDLE: "unnamed"})
