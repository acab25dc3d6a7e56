"""What the demo prints: where everything is, and four steps to paste."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ringbinder.entrypoints.cli.demo.credentials import (
    FILE_NAME,
    ClientCredentials,
    Credentials,
    PersonCredentials,
)

READER: Final = "Reader"
FIRST_LINE: Final = "# ── Paste from here "
LAST_LINE: Final = "# ── to here "
_WIDTH: Final = 96

# Without comments and exclamation marks, since not every shell takes them as it is typed to; and
# without jq, since Python is there for sure.
_STEPS: Final = """\
API=@base@ ORGANISATION=@organisation@
CLIENT_ID=@client_id@ CLIENT_SECRET=@secret@

echo "1. A token, valid for an hour"
TOKEN=$(curl -fsS "${API%/api}/connect/token" -d grant_type=client_credentials \\
  -d "client_id=$CLIENT_ID" -d "client_secret=$CLIENT_SECRET" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
ask() { curl -fsS -H "Authorization: Bearer $TOKEN" -H "x-ibinder-tenantid: $ORGANISATION" "$@"; }

echo "2. The binders"
ask "$API/binders" | python3 -c 'import json, sys
for binder in json.load(sys.stdin): print(binder["id"], binder["name"])'

echo "3. Search: construction documents with \\"plan\\" in their names"
FOUND=$(ask "$API/documents?searchTerm=plan&pageSize=5" -H "Content-Type: application/json" \\
  -d '{"MetadataFilters": [{"metadataElementId": "GLOBAL_Status", "valueId": "bygghandling"}]}')
python3 -c 'import json, sys; found = json.loads(sys.argv[1])
print(found["totalCount"], "found; the first of them:")
for item in found["items"]: print(item["id"], item["fileName"])' "$FOUND"

echo "4. Download the first"
FIRST=$(python3 -c 'import json, sys; item = json.loads(sys.argv[1])["items"][0]
print(item["id"] + "/versions/" + item["latestVersionId"])' "$FOUND")
LINK=$(ask "$API/documents/$FIRST/downloadlink" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["url"])')
curl -fsS -o ringbinder-demo.pdf "$LINK" && ls -l ringbinder-demo.pdf
"""

_PAGE: Final = """\

Ringbinder is at @web@ – sign in as one of

@people@

Its API is at @base@, and shown at @base@/docs

  data         @data@
  credentials  @file@
  start over   Ctrl-C, then: rm -r @quoted_data@

  organisation @organisation@
@clients@

@first@
@steps@@last@

Ctrl-C stops it.
"""


def page(data: Path, credentials: Credentials) -> str:
    """Write the whole page; what stands between its two ruled lines can be pasted into a shell."""
    return _fill(
        _PAGE,
        {
            "web": credentials.base_url.removesuffix("/api"),
            "people": "\n".join(map(_person_line, credentials.people)),
            "base": credentials.base_url,
            "data": str(data),
            "quoted_data": shlex.quote(str(data)),
            "file": str(data / FILE_NAME),
            "organisation": credentials.organisation_id,
            "clients": "\n".join(map(_client_lines, credentials.clients)),
            "first": f"{FIRST_LINE:─<{_WIDTH}}",
            "last": f"{LAST_LINE:─<{_WIDTH}}",
            "steps": steps(credentials),
        },
    )


def steps(credentials: Credentials) -> str:
    """Write token, binders, search and download for a POSIX shell with curl and python3."""
    reader = credentials.of(READER)
    values = {
        "base": credentials.base_url,
        "organisation": credentials.organisation_id,
        "client_id": reader.client_id,
        "secret": reader.client_secret,
    }
    return _fill(_STEPS, {name: shlex.quote(value) for name, value in values.items()})


def document(data: Path, credentials: Credentials) -> dict[str, Any]:
    """Write the same for scripts."""
    facts = {"data": str(data), "credentialsFile": str(data / FILE_NAME)}
    return credentials.as_document() | facts


def _client_lines(client: ClientCredentials) -> str:
    return f"  {client.role:<12} {client.client_id}  {client.client_secret}"


def _person_line(person: PersonCredentials) -> str:
    return f"  {person.role:<14} {person.email:<32} {person.password}"


def _fill(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text
