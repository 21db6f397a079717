"""Insert a row unless it is there: in one statement, so that two writers never make two of it."""

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from .models import Base


def insert_once(session: Session, table: type[Base], **values: Any) -> bool:
    """Insert a row; tell whether it was not there yet, by the table's unique columns."""
    dialect = session.get_bind().dialect.name
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(table).values(**values)
    return bool(session.scalar(insert.on_conflict_do_nothing().returning(table.__table__.c.id)))
