"""Makes text from data harmless where it is shown: control characters, bidi overrides, formulas, markup."""

import html
import re

# C0 and C1 controls, bidi controls, line and paragraph separators, invisible tags, lone surrogates. A name must be
# able neither to move the cursor nor to turn the reading order of the line it stands in.
_BEYOND_ASCII = (
    r"\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f"
)
_CONTROL = rf"[\x00-\x1f{_BEYOND_ASCII}]"
_CONTROL_BUT_LINES = rf"(?![\n\r\t]){_CONTROL}"
_BEYOND_JSON = f"[{_BEYOND_ASCII}]"
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_MARKDOWN = r"([\\`*_\[\]#!|~$@])"


def neutralise(text: str, *, keep_lines: bool = False) -> str:
    r"""Make control characters visible.

    Parameters
    ----------
    keep_lines
        Whether line breaks and tabs stay.

    Examples
    --------
    >>> neutralise("a\x1b[2Jb")
    'a<U+001B>[2Jb'
    """
    if text.isprintable() and text.isascii():
        return text
    return re.sub(_CONTROL_BUT_LINES if keep_lines else _CONTROL, lambda match: f"<U+{ord(match[0]):04X}>", text)


def escape_json(text: str) -> str:
    """Write control characters that JSON would let through as escapes; the document means the same."""
    return re.sub(_BEYOND_JSON, _escape_json_char, text)


def _escape_json_char(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"
    return f"\\u{code:04x}"


def escape_cell(text: str) -> str:
    """Keep a spreadsheet from taking a text for a formula: such a cell gets a leading apostrophe.

    Examples
    --------
    >>> escape_cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    text = neutralise(text, keep_lines=True)
    if text[:1] in _FORMULA or text.lstrip()[:1] in _FORMULA:
        return "'" + text
    return text


def escape_html(text: str) -> str:
    """Escape a text for HTML, attributes included."""
    return html.escape(neutralise(text), quote=True)


def escape_markdown(text: str) -> str:
    r"""Escape a text for one line of Markdown: no markup, no HTML, no link, no table cell of its own.

    Examples
    --------
    >>> escape_markdown("a|b <i>")
    'a\\|b &lt;i&gt;'
    """
    text = neutralise(text)
    text = re.sub(_MARKDOWN, r"\\\1", text)
    text = text.replace("](", "]\\(")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Bare addresses become links in many dialects.
    text = text.replace("://", "\\://")
    text = re.sub(r"(?i)\b(www)\.", r"\1\\.", text)
    return re.sub(r"^(\d+)\.|^([-+=])", lambda m: f"{m[1]}\\." if m[1] else f"\\{m[2]}", text)
