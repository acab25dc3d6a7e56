"""Files as people have them, and as nobody should: small to send, and greedy, broken or lying."""

import io
import struct
import zlib
from collections.abc import Sequence

from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from ringbinder.adapters.rendering.drawing import FORMATS


def pdf(text: str = "Plan 1", *, pages: int = 1, size: tuple[float, float] = (595, 842)) -> bytes:
    """Draw a PDF with a text on each page."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=size, invariant=True)
    for number in range(1, pages + 1):
        canvas.drawString(50, size[1] / 2, f"{text}, page {number}")
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def image(form: str = "PNG", size: tuple[int, int] = (64, 32), mode: str = "RGB") -> bytes:
    """Draw a picture, the left half of it dark."""
    made = io.BytesIO()
    drawn = Image.new(mode, size, "white")
    drawn.paste("black", (0, 0, size[0] // 2, size[1]))
    drawn.save(made, form)
    return made.getvalue()


def pixel_bomb(side: int = 60_000) -> bytes:
    """Make a PNG of some kilobytes that would need gigabytes."""
    row = zlib.compressobj(9)
    packed = row.compress(bytes(1 + side * 3)) + row.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", packed * 4)


def _chunk(kind: bytes, data: bytes) -> bytes:
    checked = kind + data
    return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))


def laughing_pdf(levels: int = 12, times: int = 12) -> bytes:
    """Make a PDF whose page draws a form that draws a form …, times after times."""
    fan = b"".join(b"/X Do " for _ in range(times))
    forms = [
        _stream(
            b"/Type /XObject /Subtype /Form /BBox [0 0 600 800] /Resources << /XObject << /X "
            + f"{number + 6} 0 R".encode()
            + b" >> >>",
            fan,
        )
        for number in range(levels)
    ]
    last = _stream(b"/Type /XObject /Subtype /Form /BBox [0 0 600 800]", b"0 0 500 500 re f")
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
    return raw_pdf(
        page + b" /Resources << /XObject << /X 5 0 R >> >> >>", _stream(b"", fan), *forms, last
    )


def swollen_pdf(megabytes: int = 3000) -> bytes:
    """Make a PDF whose content is a small stream that becomes gigabytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes)) + packer.flush()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>"
    return raw_pdf(page, _stream(b"/Filter /FlateDecode", packed))


def raw_pdf(page: bytes, *others: bytes) -> bytes:
    """Put objects together, the page being the third; without a table, as programs repair it."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        *others,
    )
    body = b"".join(
        f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
        for number, content in enumerate(objects, start=1)
    )
    return b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF\n"


def _stream(dictionary: bytes, data: bytes) -> bytes:
    head = b"<< " + dictionary + b" /Length " + str(len(data)).encode() + b" >>"
    return head + b"\nstream\n" + data + b"\nendstream"


def scripted() -> Sequence[bytes]:
    """Give files that are programs for a browser or a reader."""
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!doctype html><script>alert(document.cookie)</script>",
        b"%!PS\n(%pipe%id) (r) file",
    )


__all__ = [
    "FORMATS",
    "image",
    "laughing_pdf",
    "pdf",
    "pixel_bomb",
    "raw_pdf",
    "scripted",
    "swollen_pdf",
]
