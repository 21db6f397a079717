"""Subjects, visits, recordings, results, and the files made from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "subjects",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("added", sa.Text, nullable=False),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "visits",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject_id", sa.Integer, sa.ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("feels_glute", sa.Integer),
        sa.Column("pain", sa.Integer),
        sa.Column("notes", sa.Text, nullable=False),
        sa.UniqueConstraint("subject_id", "day"),
    )
    op.create_table(
        "recordings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("visit_id", sa.Integer, sa.ForeignKey("visits.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("identity", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("name", "path", "created", "origin", "host", "checksum")
        ),
        sa.UniqueConstraint("identity"),
    )
    op.create_table(
        "results",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("recording_id", sa.Integer, sa.ForeignKey("recordings.id", ondelete="CASCADE"), nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("protocol", sa.Text, nullable=False),
        sa.Column("pool_key", sa.Text, nullable=False, index=True),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("quality", sa.Text, nullable=False),
        sa.Column("n_lifts", sa.Integer, nullable=False),
        sa.Column("n_valid", sa.Integer, nullable=False),
        *(
            sa.Column(name, sa.Double)
            for name in (
                "lag_s",
                "ci_low_s",
                "ci_high_s",
                "p_hamstring_first",
                "null_lag_s",
                "glute_share",
                "active_range_deg",
                "tilt_deg",
                "hold_fatigue_percent_s",
                "snr_db",
            )
        ),
        *(
            sa.Column(name, sa.Text, nullable=False)
            for name in ("share_reference", "software_version", "settings_hash", "filed")
        ),
        sa.Column("document", sa.JSON, nullable=False),
        sa.UniqueConstraint("recording_id", "side"),
    )
    op.create_table(
        "files",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject_id", sa.Integer, sa.ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("path", "kind", "host", "added")),
        sa.UniqueConstraint("subject_id", "host", "path"),
    )


def downgrade() -> None:
    """Take the tables away."""
    for name in ("files", "results", "recordings", "visits", "subjects"):
        op.drop_table(name)
