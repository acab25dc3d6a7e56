"""What the codes of the audit trail are called."""

from collections.abc import Mapping
from typing import Final

from ringbinder.features.evidence.types import Action
from ringbinder.features.metadata.types import GLOBAL_KEYS
from ringbinder.web.pages import N_, Page

KINDS: Final[Mapping[str, str]] = {
    "person": N_("Person"),
    "client": N_("Integration"),
    "operator": N_("Operator"),
    "system": N_("By itself"),
}
SOURCES: Final[Mapping[str, str]] = {
    "web": N_("Web application"),
    "api": N_("API"),
    "cli": N_("Command line"),
    "system": N_("By itself"),
}
SUBJECTS: Final[Mapping[str, str]] = {
    "binder": N_("Binder"),
    "client": N_("API client"),
    "document": N_("Document"),
    "folder": N_("Tab"),
    "group": N_("Group"),
    "member": N_("Member"),
    "metadata_element": N_("Metadata"),
    "organisation": N_("Organisation"),
    "participant": N_("Participant"),
    "person": N_("Person"),
    "token": N_("Token"),
    "upload": N_("Upload of a file"),
    "version": N_("Version"),
    "webhook": N_("Webhook"),
}
VERBS: Final[Mapping[str, str]] = {
    "aborted": N_("aborted"),
    "account_changed": N_("name or language changed"),
    "added": N_("added"),
    "archived": N_("archived"),
    "copied": N_("copied"),
    "created": N_("created"),
    "deleted": N_("deleted"),
    "disabled": N_("disabled"),
    "enabled": N_("enabled"),
    "erased": N_("erased from the trail"),
    "identity_linked": N_("sign-in of another provider linked"),
    "invited": N_("invited"),
    "invited_again": N_("invited again"),
    "issued": N_("issued"),
    "joined": N_("joined"),
    "limits_changed": N_("limits changed"),
    "metadata_changed": N_("metadata changed"),
    "moved": N_("moved"),
    "password_changed": N_("password changed"),
    "password_reset": N_("password reset"),
    "paused": N_("paused"),
    "purged": N_("removed for good"),
    "recovery_codes_made": N_("recovery codes made"),
    "redelivered": N_("delivered again"),
    "refused": N_("refused"),
    "removed": N_("removed"),
    "renamed": N_("renamed"),
    "reopened": N_("reopened"),
    "reset_asked": N_("reset of the password asked for"),
    "restored": N_("restored"),
    "resumed": N_("resumed"),
    "revoked": N_("revoked"),
    "role_changed": N_("role changed"),
    "second_factor_disabled": N_("second factor turned off"),
    "second_factor_enabled": N_("second factor turned on"),
    "secret_rotated": N_("secret renewed"),
    "sessions_ended": N_("signed out everywhere"),
    "sign_in_failed": N_("sign-in failed"),
    "signed_in": N_("signed in"),
    "signed_out": N_("signed out"),
    "tested": N_("tested"),
    "updated": N_("changed"),
    "version_created": N_("new version"),
    "viewers_changed": N_("viewers changed"),
}
MEMBERS: Final[Mapping[str, str]] = {
    "apiClientsEnabled": N_("API access"),
    "asActor": N_("Events as the one who did it"),
    "asObject": N_("Events as the one it was done to"),
    "binderId": N_("Binder"),
    "by": N_("By what"),
    "colour": N_("Colour"),
    "copiedFrom": N_("Copied from"),
    "dataType": N_("Kind of value"),
    "deletedBy": N_("Deleted by"),
    "deliveryId": N_("Delivery"),
    "description": N_("Description"),
    "email": N_("E-mail"),
    "eventTypes": N_("Kinds of events"),
    "fileName": N_("File name"),
    "folderId": N_("Tab"),
    "isDisabled": N_("Kept out"),
    "isHidden": N_("Hidden"),
    "isMultiValue": N_("Several values"),
    "isRequired": N_("Required"),
    "isRetired": N_("Retired"),
    "issuer": N_("Identity provider"),
    "label": N_("Label"),
    "labels.en": N_("Label in English"),
    "labels.sv": N_("Label in Swedish"),
    "language": N_("Language"),
    "memberIds": N_("Members"),
    "metadata": N_("Metadata"),
    "name": N_("Name"),
    "number": N_("Number"),
    "olderSecretEndsAt": N_("The older secret ends"),
    "olderSecretsEndAt": N_("Older secrets end"),
    "parentId": N_("Tab around it"),
    "position": N_("Place"),
    "reason": N_("Reason"),
    "role": N_("Role"),
    "sequence": N_("Position in the change feed"),
    "server": N_("Server"),
    "sessions": N_("Sessions that ended"),
    "sessionsEnded": N_("Sessions that ended"),
    "sha256": N_("Checksum (SHA-256)"),
    "sizeBytes": N_("Size in bytes"),
    "state": N_("State"),
    "type": N_("Type"),
    "urlSha256": N_("Checksum of the address"),
    "versions": N_("Versions"),
    "viewers": N_("Who sees it"),
}
OF_LIMITS: Final[Mapping[str, str]] = {
    "read": N_("Times a minute: looking at something"),
    "search": N_("Times a minute: searching"),
    "write": N_("Times a minute: changing something"),
}
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "by": {
        "code": N_("Code of the second factor"),
        "invitation": N_("Invitation"),
        "password": N_("Password"),
        "recovery code": N_("Recovery code"),
    },
    "dataType": {
        "Boolean": N_("Yes or no"),
        "Date": N_("Date"),
        "Enumerated": N_("List of values"),
        "Number": N_("Number"),
        "Text": N_("Text"),
    },
    "language": {"en": N_("English"), "sv": N_("Swedish")},
    "reason": {
        "failing": N_("It failed for too long"),
        "gone": N_("The receiver is gone"),
    },
    "role": {
        "Admin": N_("Admin"),
        "Creator": N_("Creator"),
        "Reader": N_("Reader"),
        "administrator": N_("Administrator"),
        "creator": N_("Creator"),
        "owner": N_("Owner"),
        "participant": N_("Participant"),
        "reader": N_("Reader"),
        "restricted_creator": N_("Restricted creator"),
        "restricted_reader": N_("Restricted reader"),
    },
    "state": {
        "active": N_("Active"),
        "archived": N_("Archived"),
        "disabled": N_("Turned off"),
        "invited": N_("Invited"),
        "paused": N_("Paused"),
    },
    "type": {
        "container": N_("Only folders"),
        "contracts": N_("Contracts"),
        "documents": N_("Documents"),
        "drawings": N_("Drawings"),
        "facility": N_("Facility"),
        "models": N_("Models"),
        "organisation": N_("Organisation"),
        "photos": N_("Photos"),
        "project": N_("Project"),
        "tender": N_("Tender"),
    },
}
ANYWHERE: Final[Mapping[str, str]] = {
    "true": N_("Yes"),
    "false": N_("No"),
    "null": N_("nothing"),
}
"""What values of any member are called."""

_OF_A_VALUE: Final = "values."


class Words:
    """What the codes of the trail are called in the reader's language."""

    def __init__(self, page: Page) -> None:
        """Speak to the reader of a page."""
        self._page = page

    def action(self, action: str) -> str:
        """Name what was done, with or without the source before it."""
        subject, _, verb = _without_source(action).partition(":")
        return f"{self._of(SUBJECTS, subject)}: {self._of(VERBS, verb)}"

    def kind(self, kind: str) -> str:
        """Name what kind of actor it was."""
        return self._of(KINDS, kind)

    def source(self, action: str) -> str:
        """Name the door by which it was done."""
        return self._of(SOURCES, action.partition(":")[0])

    def subject(self, subject: str) -> str:
        """Name a kind of object."""
        return self._of(SUBJECTS, subject)

    def member(self, name: str, action: str = "") -> str:
        """Name a member of what was before and after an action."""
        _, _, done = _without_source(action).partition(":")
        if done == "metadata_changed":
            return self._key(name)
        if done == "limits_changed":
            return self._of(OF_LIMITS, name)
        if name.startswith(_OF_A_VALUE):
            return self._of_a_value(name.removeprefix(_OF_A_VALUE))
        return self._of(MEMBERS, name)

    def value(self, name: str, text: str) -> str:
        """Name a value of a member; what has no word, such as a name, stays as it is."""
        words = VALUES.get(name.rpartition(".")[2], {})
        return self._of(words, text) if text in words else self._of(ANYWHERE, text)

    def _key(self, name: str) -> str:
        """Name a key of the metadata: the reserved ones; others are what somebody called them."""
        known = GLOBAL_KEYS.get(name)
        if known is None:
            return name
        return known.label_sv if self._page.language == "sv" else known.label

    def _of_a_value(self, path: str) -> str:
        """Name a member of one value of a list, whose id can have dots in it."""
        for member in ("labels.en", "labels.sv", "label", "position", "isRetired"):
            value_id = path.removesuffix(f".{member}")
            if value_id != path:
                word = self._of(MEMBERS, member)
                return self._page.gettext("Value %(id)s: %(what)s", id=value_id, what=word)
        return path

    def kinds(self) -> list[tuple[str, str]]:
        """Give the kinds of actors to choose from."""
        return [(kind, self.kind(kind)) for kind in KINDS]

    def sources(self) -> list[tuple[str, str]]:
        """Give the doors to choose from."""
        return [(source, self._of(SOURCES, source)) for source in SOURCES]

    def actions(self) -> list[tuple[str, str]]:
        """Give the actions to choose from, by their names."""
        named = [(str(action), self.action(action)) for action in Action]
        return sorted(named, key=lambda one: one[1])

    def _of(self, names: Mapping[str, str], code: str) -> str:
        return self._page.gettext(names[code]) if code in names else code


def _without_source(action: str) -> str:
    source, _, rest = action.partition(":")
    return rest if source in SOURCES and ":" in rest else action
