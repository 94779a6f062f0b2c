"""Alembic's entry: runs migrations on the connection that `storage.migrate` hands over."""

from alembic import context

from routeplanner.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
