from datetime import UTC, datetime, timedelta

import pytest

from ringbinder.features.blobs import rules
from ringbinder.kit.ids import new_guid

pytestmark = pytest.mark.unit

DIGEST = "4d" * 32


def test_names_of_objects_tell_what_they_hold_and_since_when() -> None:
    upload_id = new_guid()
    for key in (rules.object_key(DIGEST, new_guid()), rules.staged_key(upload_id, new_guid())):
        put_at = rules.put_at(key)
        assert put_at is not None
        assert abs(datetime.now(UTC) - put_at) < timedelta(minutes=1)
    assert rules.object_key(DIGEST, upload_id) == f"objects/4d/{DIGEST}-{upload_id.hex}"
    assert rules.upload_of(rules.staged_key(upload_id, new_guid())) == upload_id


@pytest.mark.parametrize("key", ["objects/x", "staged/", "staged/a-b", "objects/4d/x-y-z"])
def test_what_we_did_not_name_is_not_ours(key: str) -> None:
    assert rules.put_at(key) is None
    assert rules.upload_of(key) is None
