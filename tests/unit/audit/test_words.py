"""Everything that the audit trail says has words."""

from enum import StrEnum

import pytest

from ringbinder.access.permissions import BinderRole, MemberRole, Role
from ringbinder.features.audit.pages.words import ANYWHERE, SUBJECTS, VALUES, VERBS
from ringbinder.features.binders.types import BinderState, BinderType
from ringbinder.features.evidence.types import Action
from ringbinder.features.folders.types import FolderType
from ringbinder.features.members.types import DISABLED, MemberState
from ringbinder.features.metadata.types import LANGUAGES, DataType
from ringbinder.features.webhooks.types import StateReason, WebhookState
from tests.support.words import without_words

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("action", Action)
def test_every_action_has_words(action: Action) -> None:
    subject, _, verb = action.partition(":")
    assert subject in SUBJECTS
    assert verb in VERBS


@pytest.mark.parametrize(
    ("member", "kinds"),
    [
        ("state", (BinderState, MemberState, WebhookState)),
        ("role", (Role, MemberRole, BinderRole)),
        ("type", (BinderType, FolderType)),
        ("dataType", (DataType,)),
        ("reason", (StateReason,)),
    ],
)
def test_every_value_that_is_ours_has_a_word(member: str, kinds: tuple[type[StrEnum], ...]) -> None:
    assert {str(one) for kind in kinds for one in kind} <= VALUES[member].keys()


def test_states_and_languages_and_truth_have_words_too() -> None:
    assert DISABLED in VALUES["state"]
    assert set(LANGUAGES) == VALUES["language"].keys()
    assert ANYWHERE.keys() == {"true", "false", "null"}


def test_what_has_no_word_is_found() -> None:
    action = "web:binder:updated"
    assert list(without_words(action, (None, '{"name": "x", "odd": {"er": 1}}'))) == ["odd.er"]
    assert list(without_words("web:thing:done", (None, None))) == ["thing", "done"]
    listed = '{"values.a.b": {"labels": {"sv": "x"}}}'
    assert list(without_words("web:metadata_element:updated", (listed, None))) == []
