"""What can go wrong with a binder's metadata schema."""

from ringbinder.kit.errors import ConflictError, NotFoundError


class MetadataElementNotFoundError(NotFoundError):
    """The binder has no metadata element with this id."""

    code = "metadata_element.not_found"


class MetadataElementExistsError(ConflictError):
    """The binder has a metadata element with this id already."""

    code = "metadata_element.exists"


class MetadataElementReservedError(ConflictError):
    """Reserved keys (GLOBAL_…) cannot be made, deleted, or changed in this way."""

    code = "metadata_element.reserved"


class MetadataElementInUseError(ConflictError):
    """Documents have a value of this metadata element; retire it instead."""

    code = "metadata_element.in_use"


class MetadataTypeConflictError(ConflictError):
    """A metadata element keeps its data type, and has the same one in every binder."""

    code = "metadata_element.type_conflict"


class SeveralValuesError(ConflictError):
    """Documents have more than one value of this metadata element."""

    code = "metadata_element.several_values"


class TooManyMetadataElementsError(ConflictError):
    """A binder can have at most 200 metadata elements besides the reserved ones."""

    code = "metadata_element.too_many"
