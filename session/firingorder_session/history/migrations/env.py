"""What alembic runs around the steps: on the connection that `migrate.py` gives, in its transaction."""

from alembic import context

from firingorder_session.history.models import Base


def run() -> None:
    """Run the steps that are asked for."""
    context.configure(
        connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True
    )
    context.run_migrations()


# Imported by anything but alembic, there is no configuration, and nothing to run.
if hasattr(context, "config"):
    run()
