"""What the commands of the service share: settings and fields from options, their faults told."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from routeplanner.domain.field_issues import issues_of
from routeplanner.domain.master_data import OrganizationFields, PersonFields, Role
from routeplanner.errors import InputError
from routeplanner.settings import Settings

_Model = TypeVar("_Model", bound=BaseModel)


def service_settings(**options: object) -> Settings:
    """The settings of this process, with options in their place where these are given.

    Raises
    ------
    InputError
        With every environment variable that cannot be used.
    """
    settings = _told(Settings, {}, lambda name: f"ROUTEPLANNER_{name.upper()}")
    given = {name: value for name, value in options.items() if value is not None}
    return settings.model_copy(update=given)


def organization_from(name: str, time_zone: str) -> OrganizationFields:
    """The organization of the options `--organization` and `--time-zone`; else InputError."""
    options = {"name": "--organization", "time_zone": "--time-zone"}
    values = {"name": name, "time_zone": time_zone}
    return _told(OrganizationFields, values, lambda field: options[field])


def person_from(person: str, role: Role) -> PersonFields:
    """The person of the options `--person` and `--role`; else InputError."""
    values = {"external_id": person, "name": person, "role": role}
    return _told(PersonFields, values, lambda field: "--role" if field == "role" else "--person")


def _told(
    kind: type[_Model], values: Mapping[str, object], name_of: Callable[[str], str]
) -> _Model:
    """A model of values; what does not fit is told by the names under which it was given."""
    try:
        return kind(**values)
    except ValidationError as error:
        faults = [_named(fault, kind, name_of) for fault in error.errors(include_url=False)]
        raise InputError(issues_of(faults)) from error


def _named(
    fault: Mapping[str, Any], kind: type[BaseModel], name_of: Callable[[str], str]
) -> dict[str, Any]:
    """A fault under the name by which the value was given; what is secret is not shown."""
    field = str(fault["loc"][0])
    is_secret = SecretStr in get_args(kind.model_fields[field].annotation)
    value = SecretStr(str(fault["input"])) if is_secret else fault["input"]
    return {**fault, "loc": (name_of(field),), "input": value}
