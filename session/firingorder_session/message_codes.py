"""What a test, its recorder and the review have to say to a person, each as a code: the words are a language's matter.

Reasons about muscles and movement have codes of their own (`firingorder_signal.results.ReasonCode`). What a code says
in English, with the names of its facts, is `message_words.py`; German is in the window's texts.
"""

from enum import Enum


class MessageCode(Enum):
    """What is said. The last groups are clauses that others hold as a fact, and say nothing alone."""

    # What to know before the test
    ON_MAINS = "on_mains"
    MAINS_UNKNOWN = "mains_unknown"
    ADAPTER_HOLDS_BACK = "adapter_holds_back"
    SENT_ON_NETWORK = "sent_on_network"
    LOAD_MAY_LOSE = "load_may_lose"
    LOAD_WILL_LOSE = "load_will_lose"
    CAME_LATE = "came_late"
    NOT_HEARD = "not_heard"
    OTHER_KIND = "other_kind"
    BOTH_LEGS = "both_legs"
    NO_EMG = "no_emg"
    UNNAMED_HAMSTRING = "unnamed_hamstring"
    UNNAMED_GLUTE = "unnamed_glute"
    UNNAMED_BOTH = "unnamed_both"

    # Where the test stands, and how it ended
    WAITING_FOR = "waiting_for"
    RECORDING_STOPPED = "recording_stopped"
    ANALYSIS_FAILED = "analysis_failed"
    ACQUISITION_FAILED = "acquisition_failed"

    # The review
    FILE_BROKEN = "file_broken"
    JUDGE_LOST = "judge_lost"
    NO_CORRECTIONS_HERE = "no_corrections_here"
    NOT_WRITABLE = "not_writable"
    LOCKED = "locked"
    IN_USE = "in_use"
    GONE = "gone"
    NOT_ADDED = "not_added"
    NOBODY_SAYS_WHO = "nobody_says_who"
    NOT_MOVABLE = "not_movable"
    NOTHING_MOVED = "nothing_moved"

    # The history, reports and the audit trail
    OTHER_SUBJECT = "other_subject"
    NOTHING_TO_FILE = "nothing_to_file"
    FILED_ELSEWHERE = "filed_elsewhere"
    NO_DAY = "no_day"
    NO_SUCH_SUBJECT = "no_such_subject"
    HISTORY_UNUSABLE = "history_unusable"
    HISTORY_NOT_KEPT = "history_not_kept"
    HISTORY_NEWER = "history_newer"
    NO_TEXT = "no_text"
    NO_AUDIT_LINE = "no_audit_line"
    REPORT_NOT_WRITTEN = "report_not_written"

    # Why something could not be written
    FOLDER_READ_ONLY = "folder_read_only"
    FOLDER_FULL = "folder_full"
    FOLDER_REFUSES = "folder_refuses"
    DISK_FULL = "disk_full"
    FILE_READ_ONLY = "file_read_only"
    DISK_REFUSES = "disk_refuses"
    DISK_SLOW = "disk_slow"
    DATABASE_REFUSES = "database_refuses"
    RECORDER_FAILED = "recorder_failed"

    # Whose load it is
    ON_RADIO = "on_radio"
    ON_CARRIER = "on_carrier"

    # Channels, and how they are named
    ONE_CHANNEL = "one_channel"
    CHANNELS = "channels"
    NAME_UNITS = "name_units"
    NAME_CHANNELS = "name_channels"
    NAME_IN_FILE = "name_in_file"
    KINDS_THERE_ARE = "kinds_there_are"
