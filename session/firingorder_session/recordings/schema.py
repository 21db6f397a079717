"""The tables of a recording (`.fo`): one SQLite database. `docs/recording.md` explains them to readers elsewhere.

Frames and events share one counter, `seq`, so that their order is kept exactly: a link that was lost between two frames
is lost between the same two frames when the recording is replayed. Later versions add tables and columns; a reader
ignores what it does not know, and refuses only a higher `USER_VERSION`.
"""

from ..keeping import chain

#: "FOrd" in ASCII: what `file` and SQLite call the application id (bytes 68 to 71 of the file).
APPLICATION_ID = 0x464F7264
#: Counts up when an older reader would misread the file, and only then.
USER_VERSION = 1

TABLES = (
    """
CREATE TABLE head (          -- what the recording is; one row a fact, JSON values
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE links (         -- the cables and radios, in the order they were named
    link INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    framing TEXT NOT NULL     -- what is spoken: cobs, datagram, or a kind of device with its settings
);
CREATE TABLE frames (        -- the truth: what came, and when; stuffing and delimiter removed
    seq INTEGER PRIMARY KEY,
    link INTEGER NOT NULL,
    t_host_ns INTEGER NOT NULL,
    damaged INTEGER NOT NULL,
    data BLOB NOT NULL
);
CREATE TABLE events (        -- everything else that happened, in the same order
    seq INTEGER PRIMARY KEY,
    link INTEGER,
    t_host_ns INTEGER NOT NULL,
    kind TEXT NOT NULL,
    data TEXT NOT NULL
);
CREATE TABLE streams (       -- descriptors as decoded: a convenience, rebuilt from the frames at any time
    seq INTEGER NOT NULL,
    link INTEGER NOT NULL,
    stream_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    sites TEXT NOT NULL,
    labels TEXT NOT NULL,
    rate_num INTEGER NOT NULL,
    rate_den INTEGER NOT NULL,
    latency_s REAL NOT NULL,
    clock_id TEXT NOT NULL,
    sync TEXT NOT NULL,
    range_uv REAL,
    product TEXT NOT NULL DEFAULT ''  -- missing in older files
);
"""
    + chain.TABLE
)
