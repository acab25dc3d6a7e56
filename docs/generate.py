"""Write the reference pages from the code that they describe: ``make docs``.

A test compares the pages with what this makes, so that neither side can drift.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any
from uuid import UUID

import typer
from fastapi import FastAPI
from pydantic.fields import FieldInfo

import ringbinder.entrypoints.errors  # noqa: F401 - its codes stand on the page too
from ringbinder import features
from ringbinder.access.limits import DEFAULT_RATES, RequestType, policy_name
from ringbinder.access.permissions import IN_BINDER, PERMISSIONS_OF, MemberRole, Permission, Role
from ringbinder.app import assemble, create_app
from ringbinder.entrypoints.cli import app as command_line
from ringbinder.features.evidence.types import Action
from ringbinder.features.metadata.types import GLOBAL_KEYS
from ringbinder.features.webhooks.rules import signed_headers
from ringbinder.kit.errors import RingbinderError, all_error_types
from ringbinder.settings import Settings
from ringbinder.web.openapi import document
from ringbinder.web.openapi.limits import DRAFT
from ringbinder.web.pages.registry import PageDeclaration, pages_of
from ringbinder.web.registry import Operation, operations_of

REFERENCE = Path(__file__).parent / "reference"
EXAMPLE = "http://127.0.0.1:8080"
NOTE = "<!-- Made by `make docs` from the code; change it there. -->\n\n"


def main() -> None:
    """Write every page."""
    REFERENCE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text)


def pages() -> dict[str, str]:
    """Make every page, by file name."""
    app = example_app()
    return {
        "audit.md": audit_page(),
        "commands.md": commands_page(),
        "errors.md": errors_page(),
        "limits.md": limits_page(operations_of(app)),
        "openapi.json": openapi_document(app),
        "operations.md": operations_page(operations_of(app)),
        "pages.md": pages_page(pages_of(app)),
        "permissions.md": permissions_page(operations_of(app)),
        "promises.json": promises_document(),
        "settings.md": settings_page(),
    }


def example_app() -> FastAPI:
    """Put an application together that is never run."""
    data = Path(tempfile.gettempdir()) / "ringbinder-reference"
    secret = "not a secret: it only makes the reference pages"  # noqa: S105 - it says so itself
    parts = assemble(Settings(data=data, secret=secret))  # type: ignore[arg-type]  # pydantic wraps the text
    return create_app(parts, page_authenticator=_nobody)


async def _nobody(_request: object) -> None:
    """Let nobody in."""


def openapi_document(app: FastAPI) -> str:
    spec = document(app, token_url=f"{EXAMPLE}/connect/token", server_url=EXAMPLE)
    return json.dumps(spec, ensure_ascii=False, indent=2) + "\n"


def promises_document() -> str:
    """List what stays as it is besides the API document; compared with what was released."""
    promises = {
        "changeTypes": sorted(action.change_type for action in Action if action.is_in_feed),
        "auditActions": sorted(Action),
        "webhookHeaders": sorted(
            signed_headers(UUID(int=0), b"", at=datetime.now(UTC), with_secrets=())
        ),
        "reservedKeys": sorted(GLOBAL_KEYS),
        "errorCodes": {code: error.status for code, error in known_errors().items()},
        "limits": {
            policy_name(pair): {"perMinute": rate.per_minute, "burst": rate.burst}
            for pair, rate in DEFAULT_RATES.items()
        },
    }
    return json.dumps(promises, ensure_ascii=False, indent=2) + "\n"


def settings_page() -> str:
    rows = (
        (f"`RINGBINDER_{name.upper()}`", _type_name(field), _default(field), field.description)
        for name, field in Settings.model_fields.items()
    )
    intro = "Every knob, read from the environment."
    return _page("Settings", intro, _table(("Name", "Type", "Default", "What it does"), rows))


def _type_name(field: FieldInfo) -> str:
    name = getattr(field.annotation, "__name__", str(field.annotation))
    return name.removesuffix(" | None").rpartition(".")[2]


def _default(field: FieldInfo) -> str:
    return "" if field.default is None else f"`{field.default}`"


def known_errors() -> dict[str, type[RingbinderError]]:
    # An error is known once its module was imported, so all of them are.
    for module in walk_packages(features.__path__, f"{features.__name__}."):
        if module.name.endswith(".errors"):
            import_module(module.name)
    return all_error_types()


def errors_page() -> str:
    rows = (
        (f"`{code}`", str(error.status), _first_sentence(error.__doc__))
        for code, error in known_errors().items()
    )
    intro = "The `code` of an error is stable; `detail` is for people and may be worded anew."
    return _page("Error codes", intro, _table(("Code", "Status", "Meaning"), rows))


def operations_page(operations: Iterable[Operation]) -> str:
    rows = (
        (
            f"`{operation.id}`",
            f"`{operation.method} {operation.path}`",
            str(operation.permission or "none"),
            ", ".join(f"`{error.code}`" for error in operation.errors),
        )
        for operation in sorted(operations, key=lambda operation: operation.id)
    )
    intro = "Every operation of the API; its id never changes. See `openapi.json` for the rest."
    return _page("Operations", intro, _table(("operationId", "Path", "Permission", "Codes"), rows))


def limits_page(operations: Iterable[Operation]) -> str:
    listed = sorted(operations, key=lambda operation: operation.id)
    rows = (
        (f"`{policy_name(pair)}`", str(rate.per_minute), str(rate.burst), _limited(pair[1], listed))
        for pair, rate in DEFAULT_RATES.items()
    )
    intro = (
        "How many requests each kind of caller may send, as built in; `RINGBINDER_LIMITS` changes "
        "it, and single clients may have limits of their own. `GET /api/limits` tells a caller its "
        "own. Each API client, and each network address (for IPv6 the first 64 bits), has budgets "
        "of its own.\n\n"
        f"Answers carry `RateLimit` and `RateLimit-Policy` by {DRAFT}: `r` requests are left, one "
        "more comes after `t` seconds; `q` is how many may come at once, `w` how many seconds it "
        "takes until all of them are back. A 429 has `Retry-After`, in whole seconds. See "
        "[the mechanism](../mechanisms/rate-limits.md).\n\n"
    )
    head = ("Policy", "Requests a minute", "At once", "What it limits")
    return _page("Limits", intro.rstrip(), _table(head, rows))


def _limited(request_type: RequestType, operations: Iterable[Operation]) -> str:
    named = ", ".join(f"`{o.id}`" for o in operations if o.request_type == request_type)
    return named or _OUTSIDE_THE_API[request_type]


_OUTSIDE_THE_API = {
    RequestType.TOKEN: "`/connect/token`, `/connect/revocation`",
    RequestType.FAILED_TOKEN: "the same without success",
    RequestType.SIGN_IN: "passwords, codes and links from letters, shown from one address",
    RequestType.FAILED_SIGN_IN: "the same without success",
    RequestType.GUESS: "passwords and codes that are wrong for one account, from wherever",
    RequestType.LETTER: "asking for a letter with a link for a new password",
    RequestType.UNAUTHENTICATED: "requests without a valid token, signed addresses that are wrong",
    RequestType.TRANSFER: "signed addresses, for each organisation and network address",
}


def pages_page(pages: Iterable[PageDeclaration]) -> str:
    rows = (
        (f"`{page.id}`", f"`{page.method} {page.path}`", _who_sees(page))
        for page in sorted(pages, key=lambda page: page.id)
    )
    intro = (
        "Every address of the web application. What a page shows, and to whom, is decided where "
        "the API decides it: in the services behind both. How pages are made: "
        "[pages](../mechanisms/pages.md)."
    )
    return _page("Pages", intro, _table(("Page", "Address", "For whom"), rows))


def _who_sees(page: PageDeclaration) -> str:
    if page.permission is not None:
        return f"`{page.permission}`"
    return "everybody" if page.is_public else "everybody who has signed in"


def permissions_page(operations: Iterable[Operation]) -> str:
    listed = list(operations)
    rows = (
        (
            f"`{permission}`",
            *("yes" if permission in PERMISSIONS_OF[role] else "" for role in _ROLES),
            ", ".join(sorted(f"`{o.id}`" for o in listed if o.permission == permission)),
        )
        for permission in Permission
    )
    in_binder = ", ".join(f"`{one}`" for one in Permission if one in IN_BINDER)
    intro = (
        "What each role of an API client may do, and each role of a person in an organisation. "
        f"A binder's administrators have {in_binder} in that binder besides. "
        "Which binders and folders a person sees at all: [people](../mechanisms/people.md)."
    )
    return _page("Permissions", intro, _table(("Permission", *_ROLES, "Operations"), rows))


_ROLES = (*Role, *MemberRole)


def audit_page() -> str:
    rows = (
        (f"`{action}`", f"`{action.change_type}`" if action.is_in_feed else "") for action in Action
    )
    intro = (
        "What the audit trail records. An event's action has its source before it: `api:`, `web:`, "
        "`cli:` or `system:`. The second column is the type of the change that clients see."
    )
    return _page("Audit events", intro, _table(("Action", "Change"), rows))


def commands_page() -> str:
    intro = (
        "What `ringbinder` can do. Every command has `--json`, for one JSON document on standard "
        "output, and `--help`. Exit codes: 0 done, 1 failed, 2 used wrongly."
    )
    group = typer.main.get_command(command_line)
    return _page("Commands", intro, "\n".join(_command_sections("ringbinder", group)))


def _command_sections(path: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - Typer's own classes are not public
    for name, below in getattr(command, "commands", {}).items():
        yield from _command_sections(f"{path} {name}", below)
    if hasattr(command, "commands"):
        return
    shown = (parameter for parameter in command.params if "--json" not in parameter.opts)
    rows = ((_usage(one), "" if one.required else "optional", one.help) for one in shown)
    lines = list(rows)
    table = _table(("Argument", "", "What it is"), lines) if lines else ""
    yield f"## `{path}`\n\n{command.help}\n" + (f"\n{table}" if table else "")


def _usage(parameter: Any) -> str:  # noqa: ANN401 - see above
    names = [*parameter.opts, *getattr(parameter, "secondary_opts", ())]
    if parameter.param_type_name == "argument":
        return f"`{parameter.metavar or names[0].upper()}`"
    return " ".join(f"`{name}`" for name in names)


def _first_sentence(text: str | None) -> str:
    return (text or "").strip().partition("\n")[0]


def _page(title: str, intro: str, body: str) -> str:
    return f"# {title}\n\n{NOTE}{intro}\n\n{body}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str | None]]) -> str:
    return "".join(_lines(tuple(head), rows))


def _lines(head: tuple[str, ...], rows: Iterable[Iterable[str | None]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |\n"
    yield f"| {' | '.join('---' for _ in head)} |\n"
    for row in rows:
        yield f"| {' | '.join((cell or '').replace('|', '/') for cell in row)} |\n"


if __name__ == "__main__":
    main()
