"""How a picture or a stamped copy is made; runs in the worker's fork alone."""

import io
from collections.abc import Sequence
from typing import Any, BinaryIO, Final, cast

import pypdfium2  # type: ignore[import-untyped]  # it brings no types
from PIL import Image, ImageOps, UnidentifiedImageError
from reportlab.lib.colors import Color
from reportlab.pdfgen.canvas import Canvas

from ringbinder.adapters.rendering.errors import Reason, Unrenderable

FORMATS: Final = ("BMP", "GIF", "JPEG", "PNG", "TIFF", "WEBP")
"""What is opened as a picture. Pillow knows many more, each a way in for hostile bytes."""

_HEAD_BYTES: Final = 1024
_PASSWORD_NEEDED: Final = 4  # FPDF_ERR_PASSWORD, fpdfview.h
_QUALITY: Final = 82
_PAPER: Final = (255, 255, 255)
_RED: Final = Color(0.72, 0.05, 0.05)


def prepare() -> None:
    """Load all that a fork cannot load any more, for it may open no file."""
    sample = io.BytesIO()
    Image.init()
    Image.MAX_IMAGE_PIXELS = None  # What counts is memory, and the kernel bounds that.
    for form in FORMATS:
        Image.new("RGB", (8, 8)).save(sample, form)
        sample.seek(0)
        Image.open(sample).load()
        sample = io.BytesIO()
    paper = _overlay(200.0, 300.0, ("x",))
    for page in pypdfium2.PdfDocument(paper.getvalue()):
        page.render(scale=0.1).to_pil().save(io.BytesIO(), "WEBP")
    stamp(paper, io.BytesIO(), ("x",))


def picture(original: BinaryIO, result: BinaryIO, longest_side: int, *, most_bytes: int) -> None:
    """Write a WebP of a PDF's first page or of a picture, told apart by how the bytes begin.

    Raises:
        Unrenderable: it is neither, or has no such page, or would need more than ``most_bytes``.

    """
    head = original.read(_HEAD_BYTES)
    original.seek(0)
    image = (
        _page(original, longest_side)
        if b"%PDF-" in head
        else _image(original, longest_side, most_bytes)
    )
    image.save(result, "WEBP", quality=_QUALITY, method=2)


def _document(original: BinaryIO) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(original)
    except pypdfium2.PdfiumError as error:
        needs_password = error.err_code == _PASSWORD_NEEDED
        reason = Reason.ENCRYPTED if needs_password else Reason.BROKEN
        raise Unrenderable(reason) from error


def _page(original: BinaryIO, longest_side: int) -> Image.Image:
    page = _document(original)[0]
    # A page may say that it is a hair's breadth wide, and a million times as high.
    scale = longest_side / max(*page.get_size(), 1.0)
    bitmap = page.render(scale=scale, may_draw_forms=False)
    return cast(Image.Image, bitmap.to_pil()).convert("RGB")


def _image(original: BinaryIO, longest_side: int, most_bytes: int) -> Image.Image:
    try:
        image = Image.open(original, formats=FORMATS)
    except (UnidentifiedImageError, SyntaxError) as error:
        raise Unrenderable(Reason.UNKNOWN_KIND) from error
    size = (longest_side, longest_side)
    # JPEG can be read at an eighth of its size; only then is it small enough to judge.
    image.draft("RGB", size)
    if image.width * image.height * len(image.getbands()) > most_bytes:
        raise Unrenderable(Reason.TOO_LARGE)
    image.thumbnail(size, Image.Resampling.BOX if image.mode == "1" else Image.Resampling.BICUBIC)
    return _on_paper(ImageOps.exif_transpose(image))


def _on_paper(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    paper = Image.new("RGB", seen.size, _PAPER)
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper


def stamp(original: BinaryIO, result: BinaryIO, lines: Sequence[str]) -> None:
    """Write a PDF with these lines at the top of each page, and the first word across it.

    Raises:
        Unrenderable: it is no PDF, or asks for a password.

    """
    if b"%PDF-" not in original.read(_HEAD_BYTES):
        raise Unrenderable(Reason.UNKNOWN_KIND)
    original.seek(0)
    document = _document(original)
    overlays: dict[_Size, pypdfium2.PdfXObject] = {}
    for number in range(len(document)):
        page = document[number]
        size = page.get_size()
        if size not in overlays:
            overlays[size] = _captured(document, size, lines)
        _lay_over(page, overlays[size])
        page.close()
    document.save(result)


_Size = tuple[float, float]


def _captured(
    document: pypdfium2.PdfDocument, size: _Size, lines: Sequence[str]
) -> pypdfium2.PdfXObject:
    """Make the overlay for pages of a size a part of the document, once."""
    return pypdfium2.PdfDocument(_overlay(*size, lines)).page_as_xobject(0, document)


def _lay_over(page: pypdfium2.PdfPage, overlay: pypdfium2.PdfXObject) -> None:
    """Put the overlay upright onto what a reader sees of the page."""
    left, bottom, right, top = page.get_cropbox()
    wide, high = right - left, top - bottom
    turned = {
        0: (1, 0, 0, 1, 0, 0),
        90: (0, 1, -1, 0, wide, 0),
        180: (-1, 0, 0, -1, wide, high),
        270: (0, -1, 1, 0, 0, high),
    }[page.get_rotation()]
    seen = overlay.as_pageobject()
    seen.set_matrix(pypdfium2.PdfMatrix(*turned).translate(left, bottom))
    page.insert_obj(seen)
    page.gen_content()


def _overlay(width: float, height: float, lines: Sequence[str]) -> io.BytesIO:
    """Draw the stamp of one page: a band at the top, and the first line across the sheet."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(width, height))
    size = max(6.0, min(width, height) / 45)
    _forget_earlier_text(canvas)
    _band(canvas, width, height, size, lines)
    _across(canvas, width, height, lines[0])
    canvas.save()
    made.seek(0)
    return made


def _forget_earlier_text(canvas: Any) -> None:  # noqa: ANN401 - reportlab's stubs leave Canvas open
    """Begin with text as usual: many a scanned page ends with text drawn invisibly."""
    text = canvas.beginText(0, 0)
    text.setTextRenderMode(1)  # It writes only what differs from what it believes to be so.
    text.setTextRenderMode(0)
    text.setCharSpace(0)
    text.setWordSpace(0)
    text.setHorizScale(100)
    text.setRise(0)
    canvas.drawText(text)


def _band(canvas: Any, width: float, height: float, size: float, lines: Sequence[str]) -> None:  # noqa: ANN401 - see above
    deep = size * 1.35 * len(lines) + size * 0.6
    canvas.setFillColor(Color(1, 1, 1, alpha=0.9))
    canvas.setStrokeColor(_RED)
    canvas.setLineWidth(size / 12)
    canvas.setDash()
    canvas.rect(size * 0.5, height - deep - size * 0.5, width - size, deep, fill=1)
    canvas.setFillColor(_RED)
    for number, line in enumerate(lines, start=1):
        canvas.setFont("Helvetica-Bold" if number == 1 else "Helvetica", size)
        low = height - size * 0.6 - number * size * 1.35
        canvas.drawString(size, low, line)


def _across(canvas: Any, width: float, height: float, text: str) -> None:  # noqa: ANN401 - see above
    word = text.split(" ", 1)[0]
    canvas.saveState()
    canvas.setFillColor(Color(0.72, 0.05, 0.05, alpha=0.16))
    canvas.setFont("Helvetica-Bold", min(width, height) * 1.1 / max(len(word), 4))
    canvas.translate(width / 2, height / 2)
    canvas.rotate(40)
    canvas.drawCentredString(0, 0, word)
    canvas.restoreState()
