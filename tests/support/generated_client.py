"""What an integration does with a client that a public generator made from our OpenAPI file.

Run by the generator's own Python: BASE ORGANISATION CLIENT_ID CLIENT_SECRET BINDER FOLDER FILE.
"""

import hashlib
import sys
from pathlib import Path
from uuid import UUID

import httpx
from ringbinder_client import AuthenticatedClient, Client
from ringbinder_client.api.access import access_issue_token
from ringbinder_client.api.documents import (
    documents_commit_upload,
    documents_create_upload,
    documents_get_download_link,
    documents_search_documents,
)
from ringbinder_client.models import (
    MetadataInput,
    SearchFilter,
    SearchRequest,
    TokenRequest,
    UploadInput,
)


def main(
    base: str, organisation: str, client_id: str, secret: str, binder: str, folder: str, file: str
) -> None:
    content = Path(file).read_bytes()
    request = TokenRequest("client_credentials", client_id=client_id, client_secret=secret)
    token = access_issue_token.sync(client=Client(base_url=base), body=request)
    client = AuthenticatedClient(base_url=base, token=token.access_token)

    upload = documents_create_upload.sync(
        client=client,
        x_ibinder_tenantid=organisation,
        body=UploadInput(
            binder_id=binder,
            folder_id=UUID(folder),
            file_name=Path(file).name,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            metadata=[MetadataInput("GLOBAL_Date", value="2024-01-15")],
        ),
    )
    headers = upload.headers.to_dict()
    httpx.request(
        upload.method, upload.upload_url, headers=headers, content=content
    ).raise_for_status()
    commit = documents_commit_upload.sync(
        upload.upload_id, client=client, x_ibinder_tenantid=organisation
    )

    found = documents_search_documents.sync(
        client=client,
        x_ibinder_tenantid=organisation,
        search_term=Path(file).stem,
        body=SearchRequest(metadata_filters=[SearchFilter("GLOBAL_Date", value="2024-01-15")]),
    )
    (document,) = found.items
    assert (found.total_count, document.id) == (1, commit.document.id)

    link = documents_get_download_link.sync(
        document.id, document.latest_version_id, client=client, x_ibinder_tenantid=organisation
    )
    answer = httpx.get(link.url).raise_for_status()
    assert answer.content == content
    sys.stdout.write("token, upload, search, download\n")


main(*sys.argv[1:])
