"""The training log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make its tables."""
    op.create_table(
        "training_plans",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("subject_id", sa.Integer, sa.ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False),
        sa.Column("from_day", sa.Date, nullable=False),
        sa.Column("from_week", sa.Integer, nullable=False),
        sa.Column("started", sa.Date, nullable=False),
        sa.Column("usual_sprint_m", sa.Double),
        sa.Column("text", sa.Text, nullable=False),
        sa.UniqueConstraint("subject_id", "from_day"),
    )
    op.create_table(
        "training_entries",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "subject_id", sa.Integer, sa.ForeignKey("subjects.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("exercise", sa.Text, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("sets", sa.Integer),
        sa.Column("reps", sa.Integer),
        *(sa.Column(name, sa.Double) for name in ("hold_s", "load_kg", "distance_m")),
        sa.Column("track", sa.Text, nullable=False),
        sa.Column("effort", sa.Integer),
        sa.Column("pain", sa.Integer),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("notes", "added")),
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("training_entries")
    op.drop_table("training_plans")
