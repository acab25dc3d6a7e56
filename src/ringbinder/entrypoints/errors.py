"""What can go wrong before and around the application; scripts see the codes with ``--json``."""

from ringbinder.kit.errors import ConflictError, NotFoundError, RingbinderError


class SettingsInvalidError(RingbinderError):
    """The settings in the environment are wrong."""

    code = "settings.invalid"


class DatabaseUnusableError(RingbinderError):
    """The database cannot be opened or brought to the newest schema."""

    code = "database.unusable"


class DataFolderUnusableError(RingbinderError):
    """The data folder cannot be made, or not be written to."""

    code = "data_folder.unusable"


class AddressInUseError(RingbinderError):
    """Another program listens on this address already."""

    code = "server.address_in_use"


class AddressUnusableError(RingbinderError):
    """The address cannot be listened on."""

    code = "server.address_unusable"


class DemoBeingPreparedError(RingbinderError):
    """Another start is preparing this data folder; wait for it, or stop it."""

    code = "demo.being_prepared"


class NoOrganisationError(NotFoundError):
    """There is no organisation yet; make one with: ringbinder organisations create --name NAME."""

    code = "organisation.none"


class NoSuchOrganisationError(NotFoundError):
    """There is no organisation of this id or name."""

    code = "organisation.not_named_so"


class OrganisationNotNamedError(ConflictError):
    """There are several organisations; name one with --organisation."""

    code = "organisation.not_named"
