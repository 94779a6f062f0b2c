"""The first start: one organization with its admin, whose key is shown once."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from routeplanner.domain.master_data import OrganizationFields, PersonFields, Scope
from routeplanner.storage.database import Actor, Database, Session
from routeplanner.storage.ids import new_id
from routeplanner.storage.tables import Organization, Person
from routeplanner.use_cases.access import Caller, command_line_caller
from routeplanner.use_cases.master_data import create
from routeplanner.use_cases.people import (
    PEOPLE,
    NewKey,
    create_key,
    create_organization,
)

_ADMIN = "admin"


def has_organization(database: Database) -> bool:
    """Whether any organization is there."""
    with database.system() as session:
        return session.scalar(select(Organization.id).limit(1)) is not None


def found_organization(
    database: Database,
    fields: OrganizationFields,
    fill: Callable[[Session, Caller], None] | None = None,
) -> NewKey:
    """Create an organization with an admin, and what fills it, at once; returns the admin's key."""
    organization_id = new_id()
    with database.transaction(Actor(organization_id)) as session:
        create_organization(session, organization_id, fields)
        founder = command_line_caller(organization_id)
        admin = PersonFields(external_id=_ADMIN, name="Admin", role="admin")
        person = create(session, founder, PEOPLE, admin)
        if fill is not None:
            fill(session, founder)
        return create_key(
            session, organization_id=organization_id, person_id=person.id, name="first key"
        )


def key_for(
    database: Database,
    organization_id: UUID,
    *,
    person: PersonFields,
    name: str,
    scopes: tuple[Scope, ...],
    days: int,
) -> NewKey:
    """Make a key for a person by external id, who is created where new."""
    with database.transaction(Actor(organization_id)) as session:
        row = session.scalar(select(Person).where(Person.external_id == person.external_id))
        if row is None:
            founder = command_line_caller(organization_id)
            person_id = create(session, founder, PEOPLE, person).id
        else:
            person_id = row.id
        return create_key(
            session,
            organization_id=organization_id,
            person_id=person_id,
            name=name,
            scopes=scopes,
            days=days,
        )
