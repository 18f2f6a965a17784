"""How a vCard is written: escaping and folding. Pure (RFC 6350, 3.2 to 3.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LINE_OCTETS = 75
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": None})


def text(value: str) -> str:
    """A value with what would end it escaped."""
    return value.translate(_ESCAPES)


def line(name: str, value: str | Sequence[str], group: str = "", **parameters: str) -> str:
    """A content line; a sequence is a structured value."""
    head = (f"{group}." if group else "") + name
    for key, given in parameters.items():
        head += f";{key.replace('_', '-')}={_parameter(given)}"
    return fold(f"{head}:{text(value) if isinstance(value, str) else ';'.join(text(part) for part in value)}")


def uri_line(name: str, value: str, **parameters: str) -> str:
    """A content line whose value is an address, which is not escaped."""
    head = name + "".join(f";{key}={_parameter(given)}" for key, given in parameters.items())
    return fold(f"{head}:{value}")


def _parameter(value: str) -> str:
    bare = value.replace('"', "'").replace("\n", " ")
    return f'"{bare}"' if any(letter in bare for letter in ",;:") else bare


def fold(content: str) -> str:
    """Lines of at most 75 octets, none cut inside a character."""
    lines: list[str] = []
    current, size = "", 0
    for letter in content:
        octets = len(letter.encode())
        if size + octets > LINE_OCTETS:
            lines.append(current)
            current, size = " ", 1
        current += letter
        size += octets
    return "\r\n".join([*lines, current])


def card(lines: Iterable[str]) -> str:
    """A whole card."""
    return "\r\n".join(["BEGIN:VCARD", "VERSION:4.0", *lines, "END:VCARD", ""])
