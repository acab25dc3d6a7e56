"""What errors say to people, by code; English here, other languages in the catalogues."""

from collections.abc import Mapping
from typing import Final

from ringbinder.web.pages.languages import N_

SENTENCES: Final[Mapping[str, str]] = {
    "binder.archived": N_("The binder is archived, so nothing in it can be changed."),
    "binder.not_empty": N_("The binder still holds tabs or documents."),
    "folder.cycle": N_("A tab cannot be moved into itself."),
    "folder.not_empty": N_("The tab still holds documents or folders."),
    "folder.too_deep": N_("Tabs can stand at most 20 deep in one another."),
    "metadata_element.exists": N_("The binder has this key already."),
    "metadata_element.in_use": N_("Documents have a value of this key. Retire it instead."),
    "metadata_element.not_found": N_("The binder has no such key."),
    "metadata_element.reserved": N_("A reserved key cannot be changed in this way."),
    "metadata_element.several_values": N_("Documents have several values of this key."),
    "metadata_element.too_many": N_("The binder has as many keys as it can have."),
    "metadata_element.type_conflict": N_("Another binder has this key with another kind of value."),
    "group.name_taken": N_("Another group has this name already."),
    "group.not_found": N_("There is no such group."),
    "participant.exists": N_("It takes part in the binder already."),
    "participant.not_found": N_("It does not take part in the binder."),
    "member.exists": N_("Somebody with this address is a member already."),
    "member.last_owner": N_(
        "This is the last owner, and an organisation always has one. "
        "Make somebody else owner first."
    ),
    "member.not_found": N_("There is no such member."),
    "client.not_found": N_("There is no such API client."),
    "organisation.api_clients_disabled": N_("API access is off. Switch it on first."),
    "binder.not_found": N_("There is no such binder, or you have no access to it."),
    "bulk.refused": N_("Nothing was changed, because some of it cannot be."),
    "change.concurrent": N_("Somebody else was faster. Load the page and try again."),
    "document.folder_gone": N_("The tab it was in is gone. Choose another one."),
    "document.metadata_not_in_binder": N_(
        "The other binder has no place for some of the document's metadata."
    ),
    "document.name_taken": N_("Another document in the tab has this name already."),
    "document.not_in_trash": N_("The document is not in the trash."),
    "document.not_found": N_("There is no such document, or you have no access to it."),
    "folder.not_found": N_("There is no such tab, or you have no access to it."),
    "folder.name_taken": N_("Another folder here has this name already."),
    "sign_in.needed": N_("Sign in first."),
    "sign_in.provider_unknown": N_("There is no such way to sign in."),
    "sign_in.ticket_expired": N_("That took too long. Begin again."),
    "document.in_trash": N_("The document lies in the trash. Restore it first."),
    "import.register_column_twice": N_("The register has two columns of the same name."),
    "import.register_unreadable": N_(
        "The register cannot be read. Send a CSV or XLSX file of at most 8 MB."
    ),
    "import.register_without_paths": N_(
        "The register has no column that names the files, such as path, file or filnamn."
    ),
    "limit.exceeded": N_("Too many requests in a short time. Wait a moment and try again."),
    "page.forged": N_("The page was too old for this. Load it again and try once more."),
    "request.precondition_failed": N_(
        "Somebody else has changed this in the meantime. Load the page and try again."
    ),
    "version.not_found": N_("There is no such version of the document."),
    "view.name_taken": N_("You have a view of this name already."),
    "view.not_found": N_("There is no such view."),
    "view.too_many": N_("You cannot save more views of this binder. Forget one first."),
    "list.too_long": N_("The list is too long for one file. Choose a tab, or filter it."),
    "zip.empty": N_("There is nothing to put into a zip file."),
    "zip.too_large": N_(
        "That is more than one zip file may hold. Choose fewer documents, or one tab at a time."
    ),
    "preview.busy": N_("Many previews are being made just now. Try again in a moment."),
    "preview.not_possible": N_("There is no preview of this kind of file."),
    "permission.missing": N_("Your role does not allow this."),
    "request.body_too_large": N_("That is too much at once."),
    "upload.aborted": N_("The upload was given up. Upload the file again."),
    "upload.bytes_missing": N_("The bytes of the file are not there any more. Send it again."),
    "upload.digest_mismatch": N_("Other bytes have arrived than were announced. Send them again."),
    "upload.document_gone": N_("The document is not in this tab any more."),
    "upload.expired": N_("The upload waited for too long. Upload the file again."),
    "upload.folder_gone": N_("The tab was deleted in the meantime."),
    "upload.metadata_invalid": N_("The binder does not allow these values any more."),
    "upload.no_room": N_("The server has no room for the file at the moment."),
    "upload.not_found": N_("There is no such upload any more. Upload the file again."),
    "upload.not_received": N_("The bytes of the file have not arrived yet."),
    "upload.size_mismatch": N_("Not all bytes of the file have arrived. Send them again."),
}
"""The sentence of an error that a person can do something about, or meets often."""

STATUS_SENTENCES: Final[Mapping[int, str]] = {
    400: N_("The address or the form cannot be understood."),
    403: N_("You may not do this."),
    404: N_("There is nothing here. It may have been moved or deleted."),
    405: N_("This address cannot be used like that."),
    409: N_("Somebody else has changed this in the meantime. Load the page and try again."),
    429: N_("Too many requests in a short time. Wait a moment and try again."),
    500: N_("Something went wrong on our side. It has been noted; nothing of yours is lost."),
    503: N_("The service is not available for the moment. Try again in a while."),
}

TITLES: Final[Mapping[int, str]] = {
    400: N_("That did not work"),
    403: N_("Not for you"),
    404: N_("Not found"),
    409: N_("Changed in the meantime"),
    429: N_("One moment"),
    500: N_("Something went wrong"),
}
TITLES_BY_CODE: Final[Mapping[str, str]] = {
    "list.too_long": N_("Too much at once"),
    "zip.too_large": N_("Too much at once"),
    "zip.empty": N_("Nothing to download"),
}
"""Titles where that of the status would say something else than what is the matter."""

FIELD_SENTENCES: Final = (
    N_("The value must be a number."),
    N_("The value must be a date, such as 2024-01-15."),
    N_("The value must not be blank."),
    N_("The value must be a GUID."),
    N_("The value has the wrong form."),
    N_("The form cannot be read."),
    N_("Choose a member or a group."),
    N_("The value must be an address such as anna@example.com."),
)
"""What services say of fields, word for word, so that the catalogues have it too."""
