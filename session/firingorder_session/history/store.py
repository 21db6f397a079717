"""The history: subjects by code, their visits, recordings and results. The one way to the database.

`History.open()` finds it (`engine.py`) and brings it up to date (`migrate.py`). Every call is one transaction; several
programs may use one database at once. It refuses codes that may tell who somebody is, and keeps no names.
"""

import platform
from collections.abc import Collection, Generator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from sqlalchemy import URL, Engine, Select, func, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import Session, contains_eager, defer

from ..as_text import as_text
from ..messages import Message, MessageCode
from .codes import check_code, check_note, draw_code, find_trace
from .engine import choose_url, make_engine, telling_trouble, writing
from .errors import HistoryError, HistoryRefused, UnknownSubject
from .migrate import upgrade
from .models import FileRow, RecordingRow, ResultRow, SubjectRow, VisitRow
from .records import (
    RATING_LIMITS,
    DerivedFile,
    FiledRecording,
    FiledResult,
    FiledSet,
    Rating,
    SubjectSummary,
)
from .rows import read_recording, read_set, seal_of
from .trend import Trend, make_trend
from .upsert import insert_once

if TYPE_CHECKING:  # the list of subjects is shown without loading what analyses recordings
    from ..judging.analysis import Analysis


class History:
    """An open history. Use as a context, or close it.

    Parameters
    ----------
    engine
        Of a database that is up to date; `open` makes one.

    Attributes
    ----------
    host
        Name of this computer: several may share a database, and none sees the others' files.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writing = writing(engine)
        self.url: URL = engine.url
        self.host = platform.node()

    @classmethod
    def open(cls, url: URL | None = None) -> Self:
        """Open the history that is meant, and bring its tables up to date.

        Raises
        ------
        HistoryError
            It cannot be opened, or was made by a later version.
        """
        engine = make_engine(choose_url() if url is None else url)
        try:
            with telling_trouble(engine.url):
                upgrade(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def __enter__(self) -> Self:
        """Give the open history."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Let the database go."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Generator[Session]:
        """Give a transaction that reads."""
        with telling_trouble(self.url), Session(self._engine) as session:
            yield session

    @contextmanager
    def changing(self) -> Generator[Session]:
        """Give a transaction that writes: all of it, or nothing."""
        with telling_trouble(self.url), Session(self._writing) as session, session.begin():
            yield session

    def subjects(self) -> tuple[SubjectSummary, ...]:
        """List the subjects, by code."""
        query = (
            select(
                SubjectRow.code,
                SubjectRow.added,
                func.count(VisitRow.id.distinct()),
                func.count(RecordingRow.id.distinct()),
                func.max(VisitRow.day),
            )
            .outerjoin(VisitRow, VisitRow.subject_id == SubjectRow.id)
            .outerjoin(RecordingRow, RecordingRow.visit_id == VisitRow.id)
            .group_by(SubjectRow.id)
            .order_by(SubjectRow.code)
        )
        with self.reading() as session:
            return tuple(SubjectSummary(*row) for row in session.execute(query))

    def add_subject(self, code: str | None = None) -> str:
        """Add a subject, by a fresh code unless one is given; return the code as it is kept.

        Raises
        ------
        CodeRefused
            The code may tell who it is.
        HistoryError
            It is taken.
        """
        fresh = check_code(code) if code is not None else draw_code()
        with self.changing() as session:
            while not insert_once(session, SubjectRow, code=fresh, added=now()):
                if code is not None:
                    raise HistoryError(f"there is a subject {fresh} already")
                fresh = draw_code()
        return fresh

    def file(
        self, analysis: "Analysis", code: str, path: Path, *, day: date | None = None, checksum: str = ""
    ) -> FiledRecording:
        """File what a recording came to; filed again, it takes the place of what was filed before.

        Parameters
        ----------
        code
            Whose it is; a subject that is not there yet is added.
        path
            Where the recording is.
        day
            When it was made, where the file does not say.
        checksum
            Of the file's bytes, where one was made; without one, the seal of a recording of ours is kept.

        Raises
        ------
        CodeRefused
            The code may tell who it is.
        HistoryError
            It is filed under another code, says to be of another one, holds no set, or nobody knows when it was made.
        """
        from .figures import read_figures

        code = check_code(code)
        identity = analysis.identity
        stated = str(identity["subject"]).strip().upper()
        # What is no code, such as a name typed in before names were refused, says nothing against the one given now.
        if stated and stated != code and not find_trace(stated):
            facts = {"name": as_text(path.name), "stated": stated, "code": code}
            raise HistoryRefused(Message(MessageCode.OTHER_SUBJECT, facts))
        figures = read_figures(analysis)
        if not figures:
            about = {"name": as_text(path.name), "path": as_text(str(path))}
            raise HistoryRefused(Message(MessageCode.NOTHING_TO_FILE, about))
        created = str(identity["created"])
        day = day or _day_of(created, path)
        with self.changing() as session:
            insert_once(session, SubjectRow, code=code, added=now())
            subject = find_subject(session, code)
            insert_once(session, VisitRow, subject_id=subject.id, day=day, notes="")
            visit = session.scalars(select(VisitRow).filter_by(subject_id=subject.id, day=day)).one()
            facts = {"name": identity["name"], "path": str(path.absolute()), "created": created}
            facts |= {"origin": identity["origin"], "host": self.host, "checksum": checksum or seal_of(path)}
            insert_once(session, RecordingRow, visit_id=visit.id, identity=identity["id"], **facts)
            # Locked, so that two programs that file one recording take turns.
            recording = session.scalars(select(RecordingRow).filter_by(identity=identity["id"]).with_for_update()).one()
            if recording.visit.subject_id != subject.id:
                other = recording.visit.subject.code
                elsewhere = {"name": as_text(path.name), "other": other}
                raise HistoryRefused(Message(MessageCode.FILED_ELSEWHERE, elsewhere))
            for name, value in facts.items():
                setattr(recording, name, value)
            before, recording.visit_id = recording.visit_id, visit.id
            for row in session.scalars(select(ResultRow).filter_by(recording_id=recording.id)):
                session.delete(row)
            session.flush()
            session.add_all(ResultRow(recording_id=recording.id, filed=now(), **each) for each in figures)
            _drop_if_empty(session, before)
            return read_recording(recording)

    def rate(self, code: str, rating: Rating) -> Rating:
        """Keep what a person said on a day; what is None or empty stays as it was. Return what is kept now."""
        for name, value in (("feels the glute", rating.feels_glute), ("pain", rating.pain)):
            check_rating(name, value)
        note = check_note(rating.notes)
        with self.changing() as session:
            subject = find_subject(session, code)
            insert_once(session, VisitRow, subject_id=subject.id, day=rating.day, notes="")
            visit = session.scalars(select(VisitRow).filter_by(subject_id=subject.id, day=rating.day)).one()
            visit.feels_glute = visit.feels_glute if rating.feels_glute is None else rating.feels_glute
            visit.pain = visit.pain if rating.pain is None else rating.pain
            visit.notes = note or visit.notes
            return Rating(visit.day, visit.feels_glute, visit.pain, visit.notes)

    def ratings(self, code: str) -> tuple[Rating, ...]:
        """Return what a subject said, a visit each, oldest first."""
        with self.reading() as session:
            subject = find_subject(session, code)
            visits = session.scalars(select(VisitRow).filter_by(subject_id=subject.id).order_by(VisitRow.day))
            return tuple(Rating(each.day, each.feels_glute, each.pain, each.notes) for each in visits)

    def results(self, code: str) -> tuple[FiledResult, ...]:
        """Return a subject's sets, oldest first, with all that was said of each."""
        with self.reading() as session:
            return tuple(FiledResult(read_set(row), row.document) for row in session.scalars(_query(session, code)))

    def sets(self, code: str) -> tuple[FiledSet, ...]:
        """Return the figures of a subject's sets, oldest first."""
        with self.reading() as session:
            # What was said of every lift is many times as long, and is left where it is.
            return tuple(map(read_set, session.scalars(_query(session, code).options(defer(ResultRow.document)))))

    def trend(self, code: str) -> Trend:
        """Return how a subject's figures went over visits."""
        return make_trend(code.strip().upper(), self.sets(code), self.ratings(code))

    def recordings(self, code: str) -> tuple[FiledRecording, ...]:
        """Return a subject's recordings, oldest first."""
        with self.reading() as session:
            subject = find_subject(session, code)
            rows = session.scalars(
                select(RecordingRow)
                .join(RecordingRow.visit)
                .filter(VisitRow.subject_id == subject.id)
                .order_by(VisitRow.day, RecordingRow.created, RecordingRow.id)
            )
            return tuple(map(read_recording, rows))

    def find_recording(self, identity: str) -> FiledRecording | None:
        """Return a recording as it is filed; None where it is not."""
        with self.reading() as session:
            row = session.scalars(select(RecordingRow).filter_by(identity=identity)).one_or_none()
            return read_recording(row) if row else None

    def find_owner(self, identity: str) -> str | None:
        """Return the code a recording is filed under; None where it is not filed."""
        filed = self.find_recording(identity)
        return filed.code if filed else None

    def note_file(self, code: str, path: Path, kind: str) -> None:
        """Remember a file that was made from a subject's data, so that it goes when the subject goes."""
        with self.changing() as session:
            subject = find_subject(session, code)
            insert_once(
                session,
                FileRow,
                subject_id=subject.id,
                path=str(path.absolute()),
                kind=kind,
                host=self.host,
                added=now(),
            )

    def files(self, code: str) -> tuple[DerivedFile, ...]:
        """Return the files that were made from a subject's data."""
        with self.reading() as session:
            subject = find_subject(session, code)
            rows = session.scalars(select(FileRow).filter_by(subject_id=subject.id).order_by(FileRow.path))
            return tuple(DerivedFile(Path(each.path), each.kind, each.host) for each in rows)

    def forget_recording(self, code: str, identity: str) -> None:
        """Take a recording and its results out of the history; its file stays."""
        with self.changing() as session:
            subject = find_subject(session, code)
            row = session.scalars(select(RecordingRow).filter_by(identity=identity)).one_or_none()
            if row is None or row.visit.subject_id != subject.id:
                raise HistoryError(f"that recording is not filed under {subject.code}")
            visit_id = row.visit_id
            session.delete(row)
            _drop_if_empty(session, visit_id)

    def forget_files(self, code: str, paths: Collection[Path], elsewhere: Collection[tuple[str, Path]] = ()) -> None:
        """Forget files: derived ones, and recordings with their results, but for those on other computers."""
        with self.changing() as session:
            subject, texts = find_subject(session, code), {str(path) for path in paths}
            there = {(host, str(path)) for host, path in elsewhere}
            recordings = select(RecordingRow).join(RecordingRow.visit).filter(VisitRow.subject_id == subject.id)
            files = session.scalars(select(FileRow).filter_by(subject_id=subject.id))
            for row in (*files, *session.scalars(recordings)):
                if row.path in texts and (row.host, row.path) not in there:
                    session.delete(row)

    def forget_subject(self, code: str) -> None:
        """Take a subject and every row of it out of the database; `deletion.py` sees to the files."""
        with self.changing() as session:
            session.delete(find_subject(session, code))
        if self.url.get_backend_name() == "sqlite":
            # What the write-ahead log still holds goes as well.
            with telling_trouble(self.url), closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")


def find_subject(session: Session, code: str) -> SubjectRow:
    """Return a subject; raise UnknownSubject."""
    try:
        return session.scalars(select(SubjectRow).filter_by(code=code.strip().upper())).one()
    except NoResultFound:
        raise UnknownSubject(Message(MessageCode.NO_SUCH_SUBJECT, {"code": repr(code)})) from None


def check_rating(name: str, value: int | None) -> None:
    """Refuse a number that is not on its scale."""
    low, high = RATING_LIMITS
    if value is not None and not low <= value <= high:
        raise HistoryError(f"{name}: expected a whole number from {low} to {high}, got {value}")


def _drop_if_empty(session: Session, visit_id: int) -> None:
    """Take a visit away that holds nothing any more."""
    session.flush()
    visit = session.get_one(VisitRow, visit_id)
    is_said = visit.feels_glute is not None or visit.pain is not None or visit.notes
    if not is_said and session.scalar(select(func.count()).where(RecordingRow.visit_id == visit_id)) == 0:
        session.delete(visit)


def now() -> str:
    """Return the wall clock, ISO 8601 with its offset."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _query(session: Session, code: str) -> Select[ResultRow]:
    """Ask for a subject's sets, oldest first, each with its recording and visit."""
    subject = find_subject(session, code)
    return (
        select(ResultRow)
        .join(ResultRow.recording)
        .join(RecordingRow.visit)
        .options(contains_eager(ResultRow.recording).contains_eager(RecordingRow.visit))
        .filter(VisitRow.subject_id == subject.id)
        .order_by(VisitRow.day, RecordingRow.created, RecordingRow.id, ResultRow.side)
    )


def _day_of(created: str, path: Path) -> date:
    """Return the day a recording says it was made on; raise HistoryError where it says none."""
    try:
        return datetime.fromisoformat(created).date()
    except ValueError:
        raise HistoryRefused(Message(MessageCode.NO_DAY, {"name": as_text(path.name)})) from None
