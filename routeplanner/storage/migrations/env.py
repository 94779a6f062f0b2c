"""Alembic's entry: runs migrations on the connection that `storage.migrate` hands over."""

from alembic import context

from routeplanner.storage import tables, visit_tables

_MODULES = (tables, visit_tables)  # each adds its tables to the metadata
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.Base.metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
