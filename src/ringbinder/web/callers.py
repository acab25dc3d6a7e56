"""Who looks at the pages: a person who has signed in, as far as pages must know."""

from dataclasses import dataclass
from uuid import UUID

from ringbinder.access.actor import Actor


@dataclass(frozen=True, slots=True)
class OrganisationChoice:
    """An organisation that a person can switch to."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCaller:
    """A person in one organisation for the length of one request.

    ``csrf_token`` is a secret of the session that every form of a page carries. ``language`` is
    what the person has chosen, None where the browser shall decide.
    """

    actor: Actor
    csrf_token: str
    person_name: str
    organisation_name: str
    language: str | None = None
    organisations: tuple[OrganisationChoice, ...] = ()
