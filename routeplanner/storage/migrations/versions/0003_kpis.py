"""Find the stores that opened or closed at a known date; drop an index that another one equals."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change indexes of stores."""
    op.execute(
        """
        CREATE INDEX stores_opened_or_closed ON stores (organization_id, id)
        WHERE details ->> 'opened_on' IS NOT NULL OR details ->> 'closed_on' IS NOT NULL
        """
    )
    op.execute("DROP INDEX stores_in_order")  # UNIQUE (organization_id, id) has one


def downgrade() -> None:
    """Change them back."""
    op.execute("DROP INDEX stores_opened_or_closed")
    op.execute("CREATE INDEX stores_in_order ON stores (organization_id, id)")
