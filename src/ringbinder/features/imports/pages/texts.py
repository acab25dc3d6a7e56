"""What the modules of the upload page say while they work."""

from collections.abc import Mapping
from typing import Final

from ringbinder.web.pages import N_, Page

TEXTS: Final[Mapping[str, str]] = {
    "choosing": N_("Ready"),
    "waiting": N_("Waiting"),
    "sending": N_("Sending"),
    "received": N_("Has arrived"),
    "committed": N_("Published"),
    "missing": N_("Choose it again"),
    "refused": N_("Refused"),
    "failed": N_("Failed"),
    "newVersion": N_("Becomes a new version of %(name)s."),
    "renamed": N_("Gets a free name beside %(name)s."),
    "willFail": N_("Will be refused: %(name)s is there already."),
    "twin": N_("Another file here has the same name and goes to the same tab."),
    "line": N_("line %(line)s"),
    "leftOut": N_("left out: the binder has no such field"),
    "valueLeftOut": N_("left out"),
    "noLongerReadable": N_("The file cannot be read any more. Choose it again."),
    "changed": N_("The file has changed while it was sent. Choose it again."),
    "offline": N_("The connection is lost. Sending goes on by itself as soon as it is back."),
    "online": N_("The connection is back. Sending goes on where it stopped."),
    "paused": N_("Paused."),
    "resumed": N_("Sending goes on."),
    "signedOut": N_(
        "You have been signed out. Sign in again in another window, then choose Resume here."
    ),
    "checking": N_("Checking …"),
    "committing": N_("Publishing …"),
    "size": N_("%(sent)s of %(total)s"),
    "without": N_("No value"),
    "itself": N_("%(label)s: %(value)s"),
    "registerTooLarge": N_("The register is too large. It can have at most 8 MB."),
    "removed": N_("%(name)s is taken away."),
    "upload": N_("Upload"),
    "oneOnly": N_("Only one file can become the new version; the first was taken."),
}

COUNTED: Final[Mapping[str, tuple[str, str]]] = {
    "files": (N_("%(num)s file"), N_("%(num)s files")),
    "arrived": (N_("%(num)s file has arrived"), N_("%(num)s files have arrived")),
    "refusedFiles": (N_("%(num)s is refused"), N_("%(num)s are refused")),
    "publishedFiles": (N_("%(num)s file is published"), N_("%(num)s files are published")),
    "publish": (N_("Publish %(num)s file"), N_("Publish %(num)s files")),
    "makeFolders": (N_("Create %(num)s missing tab"), N_("Create %(num)s missing tabs")),
    "missingFiles": (
        N_("%(num)s must be chosen again"),
        N_("%(num)s must be chosen again"),
    ),
    "restored": (
        N_("%(num)s file was in the list before the page was loaded anew."),
        N_("%(num)s files were in the list before the page was loaded anew."),
    ),
    "matched": (N_("%(num)s file has a row"), N_("%(num)s files have a row")),
    "rows": (N_("%(num)s row"), N_("%(num)s rows")),
    "withoutFile": (N_("%(num)s row without a file"), N_("%(num)s rows without a file")),
    "skipped": (
        N_("%(num)s file was left out: the page takes 5,000 at once."),
        N_("%(num)s files were left out: the page takes 5,000 at once."),
    ),
}


_NAMES: Final = ("label", "line", "name", "num", "sent", "total", "value")


def texts_for(page: Page) -> dict[str, str | list[str]]:
    """Give all of them in the reader's language, with their places for values."""
    single = {key: _unfilled(page, text) for key, text in TEXTS.items()}
    counted = {key: [_unfilled(page, text) for text in both] for key, both in COUNTED.items()}
    return {**single, **counted}


def _unfilled(page: Page, text: str) -> str:
    return page.gettext(text, **{name: f"%({name})s" for name in _NAMES})
