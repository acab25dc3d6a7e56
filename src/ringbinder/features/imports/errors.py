"""What can go wrong with an import as a whole; what goes wrong with one file is in its report."""

from ringbinder.kit.errors import RingbinderError


class FolderUnreadableError(RingbinderError):
    """The folder to import cannot be read."""

    status = 400
    code = "import.folder_unreadable"


class RegisterUnreadableError(RingbinderError):
    """The register cannot be read as a CSV or XLSX file."""

    status = 400
    code = "import.register_unreadable"


class RegisterWithoutPathsError(RingbinderError):
    """The register has no column that names files."""

    status = 400
    code = "import.register_without_paths"


class RegisterColumnTwiceError(RingbinderError):
    """Two columns of the register mean the same."""

    status = 400
    code = "import.register_column_twice"


class SchemaLacksError(RingbinderError):
    """The binder's schema has no element or value for what the register says."""

    status = 400
    code = "import.schema_lacks"
