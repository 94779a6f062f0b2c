"""Publishing: publications, dated visits and the reports of them."""

from pathlib import Path
from typing import Any

from alembic import op
from alembic.util import CommandError

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables with their policies, grants and triggers."""
    # Without parameters psycopg takes many statements at once, and "%" as it stands.
    driver: Any = op.get_bind().connection.driver_connection
    driver.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: reports of visits would be lost."""
    raise CommandError("There is no way back from migration 0002; restore a back-up instead.")
