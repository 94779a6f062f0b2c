"""Bounds: how good a plan is, asked as a study of that plan."""

from alembic import op
from alembic.util import CommandError

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_PLAN = """
ALTER TABLE studies
    ADD COLUMN plan_id uuid, -- that is asked about; its scenario is that of the study
    ADD FOREIGN KEY (organization_id, plan_id) REFERENCES plans (organization_id, id),
    DROP CONSTRAINT studies_kind_check,
    ADD CONSTRAINT studies_kind_check CHECK (kind IN ('what_if', 'prices', 'fit', 'bound')),
    ADD CONSTRAINT studies_plan_check CHECK ((kind = 'bound') = (plan_id IS NOT NULL));
CREATE INDEX studies_of_plan ON studies (organization_id, plan_id) WHERE plan_id IS NOT NULL;
"""


def upgrade() -> None:
    """Let a study be that of a plan."""
    op.execute(_PLAN)


def downgrade() -> None:
    """Refuse: bounds would be lost."""
    raise CommandError("There is no way back from migration 0007; restore a back-up instead.")
