"""Every operation asked what its description promises: good data, bad data, and in sequence."""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.transport import Response
from schemathesis.engine import Status, events, from_schema
from schemathesis.engine.recorder import Request, ScenarioRecorder
from schemathesis.hooks import HookContext
from schemathesis.python.asgi import get_client, shutdown_lifespans

from ringbinder.app import assemble, create_app
from ringbinder.settings import Settings
from ringbinder.web.retries import REPLAYED
from tests.factories.content import local, new_shelf
from tests.support.world import AMPLE_LIMITS, running_world

pytestmark = [pytest.mark.api, pytest.mark.db, pytest.mark.slow]

SEED: Final = 20240115
EXAMPLES: Final = {"sqlite": 3, "postgresql": 1}
"""How many examples of each operation, besides the listed edge cases."""

CHAINED: Final = {"sqlite": 30, "postgresql": 6}
"""How many chains of calls."""

LONGEST_SECONDS: Final = {"sqlite": 90, "postgresql": 60}
"""On a machine that is slow or busy, the last chains are left out."""

MOST_CLOSED: Final = {"sqlite": 0.6, "postgresql": 0.8}
"""The share of operations that may only have refused: without chains, few have what they need."""

TELLABLE: Final = re.compile(
    r"The value should .+|The value has the wrong form\."
    r"|The value must be (?:a (?:text|whole number|number|list|GUID)|an object|true or false)\."
    r"|The value must be a (?:date|time)\b.+"
    r"|The (?:value|name) must not (?:be (?:empty|blank)|contain) .+",
    re.DOTALL,
)
"""Refusals that a schema can foretell, so ours must; others tell of two fields or the state."""

STAYS_READABLE: Final = (
    "GET /api/documents/uploads/{uploadId}",
    "GET /api/documents/{documentId}",
    "GET /api/documents/{documentId}/versions",
    "GET /api/documents/{documentId}/versions/{versionId}",
    "GET /api/documents/{documentId}/versions/{versionId}/downloadlink",
)
"""What DELETE puts into the trash or gives up can still be looked at."""

Json = dict[str, Any]

BINDER: Final = {"domain": "binders", "id": "$response.body#/id"}
FOLDER: Final = {
    "domain": "binders",
    "id": "$request.path.id",
    "folderId": "$response.body#/id",
}
DOCUMENT: Final = {"documentId": "$response.body#/document/id"}
VERSION: Final = DOCUMENT | {"versionId": "$response.body#/version/id"}
ELEMENT: Final = {
    "id": "$request.path.id",
    "metadataElementId": "$response.body#/metadataElementId",
}
UPLOAD: Final = {"uploadId": "$response.body#/uploadId"}
INTO_FOLDER: Final = {
    "binderId": "$request.path.id",
    "folderId": "$response.body#/id",
    "size": 4,
    "sha256": None,
    "documentId": None,
    "metadata": None,
}

CHAINS: Final[dict[str, dict[str, Json]]] = {
    "Binders_createBinder": dict.fromkeys(
        (
            "Binders_getBinder",
            "Binders_updateBinder",
            "Binders_deleteBinder",
            "Binders_listMetadataElements",
            "Binders_createMetadataElement",
            "Changes_getBinderDigest",
            "Documents_createFolder",
            "Documents_listDriveFolders",
        ),
        BINDER,
    ),
    "Binders_createMetadataElement": dict.fromkeys(
        ("Binders_updateMetadataElement", "Binders_deleteMetadataElement"), ELEMENT
    ),
    "Documents_createFolder": dict.fromkeys(
        (
            "Documents_listFolderFolders",
            "Documents_listFolderDocuments",
            "Documents_updateFolder",
            "Documents_deleteFolder",
        ),
        FOLDER,
    )
    | {"Documents_createUpload": {}},
    "Documents_createUpload": dict.fromkeys(
        ("Documents_getUpload", "Documents_commitUpload", "Documents_abortUpload"), UPLOAD
    ),
    "Documents_commitUpload": dict.fromkeys(
        (
            "Documents_getDocument",
            "Documents_updateDocument",
            "Documents_deleteDocument",
            "Documents_copyDocument",
            "Documents_listVersions",
        ),
        DOCUMENT,
    )
    | dict.fromkeys(("Documents_getVersion", "Documents_getDownloadLink"), VERSION),
    "Documents_deleteDocument": {
        "Documents_restoreDocument": {"documentId": "$response.body#/id"},
    },
}
"""Which call can follow which, and what it takes from the one before."""

BODIES: Final[dict[tuple[str, str], Json]] = {
    ("Documents_createFolder", "Documents_createUpload"): INTO_FOLDER,
    ("Documents_commitUpload", "Documents_copyDocument"): {
        "folderId": "$response.body#/document/folderId"
    },
    ("Documents_commitUpload", "Documents_updateDocument"): {
        "folderId": "$response.body#/document/folderId"
    },
    ("Documents_deleteDocument", "Documents_restoreDocument"): {
        "folderId": "$response.body#/folderId"
    },
}


@dataclass
class Findings:
    """What the answers were, and what was wrong about them."""

    statuses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    wrong: dict[tuple[str, str], str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def add(self, recorder: ScenarioRecorder) -> None:
        for case_id, interaction in recorder.interactions.items():
            if interaction.response is not None:
                status = int(interaction.response.status_code)
                self.statuses[_operation_id(recorder, case_id)][status] += 1
        for case_id, checks in recorder.checks.items():
            for check in checks:
                if check.failure_info is not None and not _is_beyond(recorder, case_id, check.name):
                    key = (_operation_id(recorder, case_id), check.name)
                    failure = check.failure_info
                    answer = recorder.interactions[case_id].response
                    text = answer.text[:500] if answer else ""
                    self.wrong[key] = f"{failure.failure.message}\n{failure.code_sample}\n{text}"

    def never_worked(self) -> list[str]:
        return sorted(
            name
            for name, statuses in self.statuses.items()
            if not any(200 <= status < 300 for status in statuses)
        )

    def table(self) -> str:
        rows = sorted(self.statuses.items())
        return "\n".join(f"{name}: {dict(sorted(found.items()))}" for name, found in rows)


def _is_beyond(recorder: ScenarioRecorder, case_id: str, check: str) -> bool:
    """Tell whether good data was refused for what no schema could have told.

    Or null was taken for a body that may be left out, which the description keeps for itself; or a
    key was sent again, and answered as it was before the document was deleted; or the document was
    restored meanwhile, which the tool does not count as making it anew.
    """
    interaction = recorder.interactions[case_id]
    if check == "negative_data_rejection" and interaction.request.body == b"null":
        return True
    answer = interaction.response
    if check == "use_after_free" and answer is not None:
        return REPLAYED.lower() in answer.headers or _was_restored(recorder, case_id)
    if check != "positive_data_acceptance" or answer is None or answer.status_code != 400:
        return False
    errors: dict[str, list[str]] = answer.json().get("errors", {})
    return not any(TELLABLE.fullmatch(text) for texts in errors.values() for text in texts)


def _was_restored(recorder: ScenarioRecorder, case_id: str) -> bool:
    """Tell whether the last thing that befell the document of a request was its restoration."""
    document = _document_in(recorder.interactions[case_id].request)
    fate = ""
    for other, interaction in recorder.interactions.items():
        if other == case_id:
            break
        request, answer = interaction.request, interaction.response
        if answer is not None and answer.status_code == 200 and _document_in(request) == document:
            is_restored = urlsplit(request.uri).path.endswith("/restore")
            fate = "restored" if is_restored else "gone" if request.method == "DELETE" else fate
    return document is not None and fate == "restored"


def _document_in(request: Request) -> str | None:
    found = re.search(r"/documents/([0-9a-f-]{36})(?:/|$)", urlsplit(request.uri).path)
    return None if found is None else found[1]


def _operation_id(recorder: ScenarioRecorder, case_id: str) -> str:
    operation = recorder.cases[case_id].value.operation
    return str(operation.definition.raw["operationId"])


def with_chains(spec: Json) -> Json:
    """Add OpenAPI links, which tell the tool which calls to try after which."""
    for described in (o for methods in spec["paths"].values() for o in methods.values()):
        links = CHAINS.get(described["operationId"], {})
        done = next(r for status, r in described["responses"].items() if status[0] == "2")
        done["links"] = {
            target: _link(described["operationId"], target, parameters)
            for target, parameters in links.items()
        }
    return spec


def _link(source: str, target: str, parameters: Json) -> Json:
    link: Json = {"operationId": target, "parameters": _those_of(target, parameters)}
    if (source, target) in BODIES:
        link["requestBody"] = BODIES[source, target]
    return link


def _those_of(target: str, parameters: Json) -> Json:
    in_drives = target.startswith("Documents_") and "Folder" in target
    return {n: v for n, v in parameters.items() if n != "domain" or in_drives}


def configuration(headers: dict[str, str], engine: str) -> SchemathesisConfig:
    return SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "continue-on-failure": True,
            "max-time": LONGEST_SECONDS[engine],
            "cache": {"enabled": False},
            "headers": {"Authorization": headers["authorization"]},
            "parameters": {
                "x-ibinder-tenantid": headers["x-ibinder-tenantid"],
                # A long poll would only take time.
                "waitSeconds": 0,
                "domain": "binders",
            },
            "generation": {
                "deterministic": True,
                "database": "none",
                "no-shrink": True,
                "max-examples": EXAMPLES[engine],
            },
            "checks": {
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "304", "401", "403", "404", "409", "412"]
                },
                # A key that is sent again replays the creation of what was deleted since.
                "ensure_resource_availability": {"enabled": False},
                # PATCH /documents/uploads is a PATCH of the document called "uploads": 400.
                "unsupported_method": {"enabled": False},
            },
            "phases": {
                "coverage": {"unexpected-methods": ["PUT"]},
                "stateful": {
                    "inference": {"algorithms": []},
                    "max-steps": 12,
                    "generation": {"max-examples": CHAINED[engine]},
                },
            },
            "operations": [
                {"include-name": name, "checks": {"use_after_free": {"enabled": False}}}
                for name in STAYS_READABLE
            ],
        }
    )


def forget_cursors(_context: HookContext, query: Json | None) -> Json | None:
    """Leave out cursors that nobody has given."""
    return query and {name: value for name, value in query.items() if name != "cursor"}


def run(app: Any, headers: dict[str, str], engine: str) -> Findings:
    with get_client(app) as client:
        spec = client.get("http://testserver/api/openapi.json").json()

    def send_bytes(_context: HookContext, case: Any, response: Response) -> None:
        """Send what an upload announced, as an integration does between two operations."""
        if case.operation.label == "POST /api/documents/uploads" and response.status_code == 201:
            upload = response.json()
            if upload["size"] <= 1_000_000:
                with get_client(app) as client:
                    url = f"http://testserver{local(upload['uploadUrl'])}"
                    client.put(url, data=b"x" * upload["size"])

    schema = schemathesis.openapi.from_dict(
        with_chains(spec), config=configuration(headers, engine)
    )
    schema.app = app
    schema.hook("map_query")(forget_cursors)
    schema.hook("after_call")(send_bytes)
    return _collected(from_schema(schema).execute())


def _collected(stream: Iterator[events.EngineEvent]) -> Findings:
    findings = Findings()
    for event in stream:
        if isinstance(event, events.ScenarioFinished):
            findings.add(event.recorder)
        elif isinstance(event, events.NonFatalError):
            findings.errors.append(f"{event.label}: {event.value}")
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.PhaseFinished) and event.status is Status.ERROR:
            findings.errors.append(str(event.phase.name))
    return findings


@pytest.mark.timeout(300)
async def test_answers_are_what_the_description_says(
    engine_name: str, database_url: str, tmp_path: Path
) -> None:
    async with running_world(database_url, tmp_path) as world:
        tenant = await world.new_tenant()
        await new_shelf(tenant.admin)
    settings = Settings(data=tmp_path, database_url=database_url, limits=AMPLE_LIMITS)
    try:
        findings = run(create_app(assemble(settings)), tenant.admin.headers, engine_name)
    finally:
        shutdown_lifespans()
    sys.stdout.write(f"seed {SEED}\n{findings.table()}\n")
    assert findings.errors == []
    assert not findings.wrong, "\n\n".join(findings.wrong.values())
    # Else it would only have knocked at closed doors; test_openapi shows that each can be opened.
    assert len(findings.never_worked()) < MOST_CLOSED[engine_name] * len(findings.statuses)
