"""Steps that bring a database of the history to the tables of this version; alembic runs them."""
