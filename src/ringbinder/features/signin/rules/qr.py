"""Squares that cameras read."""


def qr_svg(text: str) -> str:
    """Draw a QR code as an SVG element, dark on light whatever the page's colours are.

    It holds no script and no style, so that it may stand inside a page.
    """
    import segno  # noqa: PLC0415 - few need it, and every start would wait for it

    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=False
    )
