"""Begin: roles, the queue's own tables, all tables of the service."""

from pathlib import Path
from typing import Any

from alembic import op
from alembic.util import CommandError
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Roles belong to the whole server, so another database or an administrator may have made and
# granted them already. From PostgreSQL 16 on members may lack SET ROLE: whoever creates a role
# does, until they grant it to themselves.
_ROLES = """
DO $$
DECLARE
    name text;
    right_to_it text := CASE
        WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
    FOREACH name IN ARRAY ARRAY['routeplanner_app', 'routeplanner_system'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOBYPASSRLS', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END;
        END IF;
        IF NOT pg_has_role(current_user, name, right_to_it) THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', name);
        END IF;
    END LOOP;
END $$
"""


def upgrade() -> None:
    """Create everything."""
    # Without parameters psycopg takes many statements at once, and "%" as it stands.
    driver: Any = op.get_bind().connection.driver_connection
    run = driver.execute
    run(_ROLES)
    run(SchemaManager.get_schema())
    run(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    """Refuse: before the first migration there is nothing, and all data would be lost."""
    raise CommandError("The first migration has no way back; restore a back-up instead.")
