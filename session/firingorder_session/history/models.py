"""The tables of the history. `migrations/` makes and changes them in a database; a test holds the two together.

Times are ISO 8601 text with their offset, as recordings have them: a visit's day is that of the clinic's clock. A
subject's rows go with the subject.
"""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Date, Double, ForeignKey, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

#: So that a migration can name every constraint, on either database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text, float: Double, dict[str, Any]: JSON}


class SubjectRow(Base):
    """A person, by a code drawn by lot."""

    __tablename__ = "subjects"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    added: Mapped[str]


class VisitRow(Base):
    """A day on which a subject was measured, or said how it is."""

    __tablename__ = "visits"
    __table_args__ = (UniqueConstraint("subject_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    feels_glute: Mapped[int | None]
    pain: Mapped[int | None]
    notes: Mapped[str] = mapped_column(default="")

    subject: Mapped[SubjectRow] = relationship()


class RecordingRow(Base):
    """A recording of a visit; `identity` is the same in every copy of the file."""

    __tablename__ = "recordings"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id", ondelete="CASCADE"), index=True)
    identity: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    path: Mapped[str]
    created: Mapped[str]
    origin: Mapped[str]
    host: Mapped[str]
    checksum: Mapped[str] = mapped_column(default="")

    visit: Mapped[VisitRow] = relationship()


class ResultRow(Base):
    """What one set of a recording came to, by which version and which settings."""

    __tablename__ = "results"
    __table_args__ = (UniqueConstraint("recording_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    side: Mapped[str]
    protocol: Mapped[str]
    pool_key: Mapped[str] = mapped_column(index=True)
    verdict: Mapped[str]
    quality: Mapped[str]
    n_lifts: Mapped[int]
    n_valid: Mapped[int]
    lag_s: Mapped[float | None]
    ci_low_s: Mapped[float | None]
    ci_high_s: Mapped[float | None]
    p_hamstring_first: Mapped[float | None]
    null_lag_s: Mapped[float | None]
    glute_share: Mapped[float | None]
    share_reference: Mapped[str] = mapped_column(default="")
    active_range_deg: Mapped[float | None]
    tilt_deg: Mapped[float | None]
    hold_fatigue_percent_s: Mapped[float | None]
    snr_db: Mapped[float | None]
    software_version: Mapped[str]
    settings_hash: Mapped[str]
    filed: Mapped[str]
    document: Mapped[dict[str, Any]]

    recording: Mapped[RecordingRow] = relationship()


class FileRow(Base):
    """A file that was made from a subject's data, and goes with it."""

    __tablename__ = "files"
    __table_args__ = (UniqueConstraint("subject_id", "host", "path"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id", ondelete="CASCADE"))
    path: Mapped[str]
    kind: Mapped[str]
    host: Mapped[str]
    added: Mapped[str]


class PlanRow(Base):
    """From which day on a subject follows which plan, from which of its weeks; the newest holds."""

    __tablename__ = "training_plans"
    __table_args__ = (UniqueConstraint("subject_id", "from_day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id", ondelete="CASCADE"))
    from_day: Mapped[date] = mapped_column(Date)
    from_week: Mapped[int]
    started: Mapped[date] = mapped_column(Date)
    usual_sprint_m: Mapped[float | None]
    text: Mapped[str]


class EntryRow(Base):
    """What a subject did on a day."""

    __tablename__ = "training_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id", ondelete="CASCADE"), index=True)
    day: Mapped[date] = mapped_column(Date)
    exercise: Mapped[str]
    side: Mapped[str] = mapped_column(default="")
    sets: Mapped[int | None]
    reps: Mapped[int | None]
    hold_s: Mapped[float | None]
    load_kg: Mapped[float | None]
    distance_m: Mapped[float | None]
    track: Mapped[str] = mapped_column(default="")
    effort: Mapped[int | None]
    pain: Mapped[int | None]
    notes: Mapped[str] = mapped_column(default="")
    added: Mapped[str]
