"""The small drawings on buttons and in lists: 24 by 24, in the colour of the text around them."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from markupsafe import Markup

_PATHS: Final[Mapping[str, str]] = {
    "archive": "M4 8h16v11H4zM3 4h18v4H3zM10 12h4",
    "back": "M15 5l-7 7 7 7",
    "binder": "M6 3h13v18H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM8 3v18M12 8h4",
    "bookshelf": "M4 4h4v16H4zM10 4h4v16h-4zM16 5l4-1 3 15-4 1z",
    "check": "M5 13l4 4L19 7",
    "chevron": "M9 5l7 7-7 7",
    "close": "M6 6l12 12M18 6L6 18",
    "columns": "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
    "copy": "M9 9h11v11H9zM15 9V4H4v11h5",
    "document": "M6 3h8l5 5v13H6zM14 3v5h5",
    "down": "M12 5v14M6 13l6 6 6-6",
    "download": "M12 4v11M7 11l5 5 5-5M5 20h14",
    "drawing": "M3 5h18v14H3zM3 15h18M15 15v4M7 12V8h5v4",
    "edit": "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
    "email": "M3 6h18v13H3zM3 7l9 7 9-7",
    "eye": "M2 12c4-8 16-8 20 0-4 8-16 8-20 0zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
    "filter": "M4 5h16l-6 8v6l-4-2v-4z",
    "folder": "M3 6h7l2 3h9v10H3z",
    "globe": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18",
    "hidden": "M2 12c4-8 16-8 20 0-4 8-16 8-20 0zM4 20L20 4",
    "history": "M4 12a8 8 0 1 0 3-6M4 4v4h4M12 8v5l3 2",
    "home": "M4 11l8-7 8 7v9h-5v-6H9v6H4z",
    "image": "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9h.01",
    "info": "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v6M12 7.5v.01",
    "key": "M8 11a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 13l8-8M16 6l3 3M19 3l2 2",
    "list": "M8 6h13M8 12h13M8 18h13M3 6h.01M3 12h.01M3 18h.01",
    "lock": "M5 11h14v10H5zM8 11V7a4 4 0 0 1 8 0v4",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "model": "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.500l8 4.5 8-4.5M12 12v9",
    "moon": "M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10z",
    "more": "M5 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1zM12 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1z"
    "M19 11.5a.5.5 0 1 0 0 1 .5.5 0 0 0 0-1z",
    "move": "M3 6h7l2 3h9v10H3zM9 14h6M12.5 11.500L15 14l-2.5 2.5",
    "person": "M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c0-9 16-9 16 0",
    "people": "M9 5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM2 20c0-7 14-7 14 0"
    "M16 5a3.5 3.5 0 0 1 0 7M18 14c3 1 4 3 4 6",
    "plus": "M12 5v14M5 12h14",
    "print": "M7 8V3h10v5M5 17H3V8h18v9h-2M7 14h10v7H7z",
    "restore": "M4 10h10a5 5 0 0 1 0 10H9M8 5l-5 5 5 5",
    "search": "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.500L21 21",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
    "share": "M12 15V4M8 8l4-4 4 4M5 13v7h14v-7",
    "sheet": "M4 4h16v16H4zM4 9h16M4 14h16M10 9v11",
    "sign-out": "M14 4h6v16h-6M10 8l-4 4 4 4M6 12h10",
    "star": "M12 3l2.7 6 6.3.600-4.8 4.2 1.5 6.200L12 16.6 6.3 20l1.5-6.200L3 9.6 9.3 9z",
    "sun": "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5"
    "M17.5 17.500L19 19M5 19l1.5-1.500M17.5 6.500L19 5",
    "trash": "M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6",
    "up": "M12 19V5M6 11l6-6 6 6",
    "upload": "M12 16V5M7 9l5-5 5 5M5 20h14",
    "view": "M4 5h16v14H4zM4 9h16M8 13h8M8 16h5",
    "warning": "M12 4l10 17H2zM12 10v5M12 18v.01",
}


@cache
def icon(name: str, *, classes: str = "icon") -> Markup:
    """Draw an icon; it says nothing to a screen reader, so a word stands beside it.

    Raises:
        KeyError: there is none of this name.

    """
    return Markup(
        '<svg class="{}" viewBox="0 0 24 24" width="20" height="20" fill="none" '
        'stroke="currentColor" stroke-width="1.7" stroke-linecap="round" '
        'stroke-linejoin="round" aria-hidden="true" focusable="false"><path d="{}"/></svg>'
    ).format(classes, _PATHS[name])
