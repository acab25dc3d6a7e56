"""Every knob of an installation, read from the environment as ``RINGBINDER_<NAME>``.

The reference page ``docs/reference/settings.md`` is generated from this model.
"""

from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class OidcProviderSettings(BaseModel):
    """An identity provider."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    name: str = Field(min_length=1, max_length=80)
    issuer: str = Field(pattern=r"^https?://\S+$")
    client_id: str = Field(min_length=1)
    client_secret: SecretStr
    domains: tuple[str, ...] = ()


class Settings(BaseSettings):
    """The settings of one process; nothing secret has a default."""

    model_config = SettingsConfigDict(env_prefix="RINGBINDER_", frozen=True, extra="ignore")

    data: Path = Field(
        default=Path("data"),
        description="Folder that holds all of a one-machine installation: database, files, secret.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on.")
    public_url: str | None = Field(
        default=None,
        description="Address under which clients reach this installation; by default http://host:port.",
    )
    database_url: str | None = Field(
        default=None,
        description=(
            "sqlite:///PATH or postgresql://USER@HOST/NAME; by default SQLite in the data folder."
        ),
    )
    secret: SecretStr | None = Field(
        default=None,
        description=(
            "At least 32 bytes that seal keys and sign addresses; by default a file `secret`, "
            "made in the data folder at the first start. All processes of an installation share it."
        ),
    )
    token_lifetime: timedelta = Field(
        default=timedelta(hours=1), description="How long an access token is valid."
    )
    upload_lifetime: timedelta = Field(
        default=timedelta(hours=24), description="How long an upload waits for its commit."
    )
    upload_address_lifetime: timedelta = Field(
        default=timedelta(hours=1), description="How long the signed address of an upload is valid."
    )
    download_address_lifetime: timedelta = Field(
        default=timedelta(minutes=15),
        description="How long the signed address of a download is valid.",
    )
    maximum_upload_bytes: int = Field(
        default=50 * 1024**3, ge=1, description="The largest file that can be uploaded, in bytes."
    )
    disk_reserve_bytes: int = Field(
        default=256 * 1024**2,
        ge=0,
        description="Free disk space that uploads leave untouched, in bytes.",
    )
    trash_days: int = Field(
        default=30, ge=1, description="For how many days a deleted document can be restored."
    )
    change_days: int = Field(
        default=180, ge=90, description="For how many days the change feed keeps its positions."
    )
    idempotency_hours: int = Field(
        default=48,
        ge=24,
        description="For how many hours the answer under an Idempotency-Key is kept.",
    )
    idempotency_days: int = Field(
        default=90,
        ge=7,
        description=(
            "For how many days an Idempotency-Key is remembered, so that an old one is refused "
            "and does not act again."
        ),
    )
    sweep_interval: timedelta = Field(
        default=timedelta(minutes=10),
        description="How often expired uploads and unused bytes are swept.",
    )
    blob_grace: timedelta = Field(
        default=timedelta(hours=24),
        description="How long unreferenced bytes are kept before the sweep.",
    )
    limits: dict[str, str] = Field(
        default={},
        description=(
            "Rate limits other than the built-in ones, as JSON by policy name: "
            '{"reader-search": "600/100"} is 600 requests a minute, 100 of them at once. '
            "The names and what is built in: limits.md."
        ),
    )
    limits_enabled: bool = Field(
        default=True, description="Whether rate limits are kept; turn them off for benchmarks only."
    )
    webhooks_enabled: bool = Field(
        default=True, description="Whether this process sends webhooks; one process is enough."
    )
    webhook_allowed_private_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = (
        Field(
            default=(),
            description=(
                "Networks besides public addresses that webhooks may be sent to, plain http "
                "included, such as `10.0.0.0/8,fd00::/8`; by default none."
            ),
        )
    )
    webhook_retry_for: timedelta = Field(
        default=timedelta(hours=24),
        ge=timedelta(hours=24),
        description="For how long a webhook's delivery that fails is tried again.",
    )
    webhook_disable_days: int = Field(
        default=5, ge=1, description="A webhook that only fails for so many days is disabled."
    )
    webhook_log_days: int = Field(
        default=30, ge=1, description="For how many days the log of what webhooks sent is kept."
    )
    session_idle: timedelta = Field(
        default=timedelta(days=3),
        gt=timedelta(),
        description="After how long without use a person has to sign in again.",
    )
    session_lifetime: timedelta = Field(
        default=timedelta(days=30),
        gt=timedelta(),
        description="After how long a person has to sign in again in any case.",
    )
    invitation_lifetime: timedelta = Field(
        default=timedelta(days=7), gt=timedelta(), description="How long an invitation is valid."
    )
    reset_lifetime: timedelta = Field(
        default=timedelta(hours=2),
        gt=timedelta(),
        description="How long the link for a new password is valid.",
    )
    mail_enabled: bool = Field(
        default=True, description="Whether this process sends letters; one process is enough."
    )
    mail_from: str = Field(
        default="Ringbinder <ringbinder@localhost>", description="Whose address letters carry."
    )
    mail_host: str | None = Field(
        default=None,
        description=(
            "The SMTP server that takes letters; without one they are put as files into the "
            "folder `mail` in the data folder."
        ),
    )
    mail_port: int = Field(default=587, ge=1, le=65535, description="Port of the SMTP server.")
    mail_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description=(
            "How the way to the SMTP server is protected: `starttls` (usually port 587), `tls` "
            "(465) or `none` (for a server on the same machine)."
        ),
    )
    mail_user: str | None = Field(default=None, description="User at the SMTP server, if any.")
    mail_password: SecretStr | None = Field(
        default=None, description="Password at the SMTP server, if any."
    )
    oidc_providers: tuple[OidcProviderSettings, ...] = Field(
        default=(),
        description=(
            "Identity providers by which people may sign in (OpenID Connect), as JSON: "
            '[{"id": "entra", "name": "Microsoft", "issuer": "https://…", "client_id": "…", '
            '"client_secret": "…", "domains": ["example.com"]}]. `id` stands in the address that '
            "the provider sends back to: PUBLIC_URL/sign-in/providers/ID/answer. `domains` are "
            "those whose addresses it may vouch for; without them, all."
        ),
    )
    audit_checkpoint_interval: timedelta = Field(
        default=timedelta(hours=1),
        gt=timedelta(),
        description="Within which time each audit event is covered by a signed checkpoint.",
    )
    time_zone: str = Field(
        default="Europe/Stockholm", description="The zone in which the pages write times."
    )
    preview_workers: int = Field(
        default=2,
        ge=0,
        description="How many processes make pictures of documents at once; 0 for no pictures.",
    )
    preview_timeout: timedelta = Field(
        default=timedelta(seconds=20),
        ge=timedelta(seconds=1),
        description="How long making one picture may take; half of it as the processor's time.",
    )
    preview_memory_bytes: int = Field(
        default=1024**3,
        ge=256 * 1024**2,
        description="How much memory making one picture may take, in bytes.",
    )
    zip_documents: int = Field(
        default=5000, ge=1, description="How many versions one zip file holds at most."
    )
    zip_bytes: int = Field(
        default=20 * 1024**3, ge=1, description="How many bytes one zip file holds at most."
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator("public_url")
    @classmethod
    def _without_trailing_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else None

    @field_validator("webhook_allowed_private_networks", mode="before")
    @classmethod
    def _split_networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [text for part in value.split(",") if (text := part.strip())]

    @property
    def effective_public_url(self) -> str:
        """The address under which clients reach this installation."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def effective_database_url(self) -> str:
        """The database's address."""
        return self.database_url or f"sqlite:///{self.data / 'ringbinder.sqlite3'}"
