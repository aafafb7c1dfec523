"""Charts as SVG text: horizontal bars, and percentiles on a logarithmic scale."""

import math
from html import escape
from typing import NamedTuple, Optional

WIDTH = 760
LABEL_WIDTH = 250
VALUE_WIDTH = 130
ROW = 26
TOP = 44
BLUE, PALE, INK, GREY = "#2563a8", "#a9c4e4", "#1f2933", "#8a94a0"


class Bar(NamedTuple):
    label: str
    value: float
    # Least and most of several rounds.
    range: Optional[tuple] = None


class Spread(NamedTuple):
    label: str
    p50: float
    p99: Optional[float]
    maximum: Optional[float]


def readable(value):
    """With as many digits as mean something: 1,234 or 12.3 or 0.12."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def text(x, y, content, anchor="start", size=13, colour=INK):
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
            f'fill="{colour}">{escape(content)}</text>')


def line(x1, y1, x2, y2, colour, width=1):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke="{colour}" stroke-width="{width}"/>')


def dot(x, y, colour):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{colour}"/>'


def drawing(title, height, parts):
    """A whole file; white behind it, so that it can be read on dark pages."""
    body = "\n".join(parts)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" font-family="sans-serif" role="img">\n'
            f"<title>{escape(title)}</title>\n"
            f'<rect width="{WIDTH}" height="{height}" fill="white"/>\n'
            f"{text(12, 24, title, size=15)}\n{body}\n</svg>\n")


def bars(title, rows):
    """One bar a row from zero on, all on one scale; ranges are thin lines over their ends."""
    most = max(max(row.value, row.range[1] if row.range else 0) for row in rows) or 1
    scale = (WIDTH - LABEL_WIDTH - VALUE_WIDTH) / most
    parts = []
    for index, row in enumerate(rows):
        y = TOP + index * ROW
        end = LABEL_WIDTH + row.value * scale
        parts.append(text(LABEL_WIDTH - 8, y + 15, row.label, "end"))
        parts.append(f'<rect x="{LABEL_WIDTH}" y="{y + 2}" width="{row.value * scale:.1f}" '
                     f'height="{ROW - 8}" fill="{BLUE}"/>')
        if row.range:
            least, highest = (LABEL_WIDTH + value * scale for value in row.range)
            parts.append(line(least, y + 11, highest, y + 11, GREY, 2))
            end = max(end, highest)
        parts.append(text(end + 8, y + 15, readable(row.value)))
    return drawing(title, TOP + len(rows) * ROW + 12, parts)


def ticks(least, most):
    """The powers of ten from below `least` to above `most`."""
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(most))
    return [10.0 ** power for power in range(first, max(last, first + 1) + 1)]


def percentiles(title, rows, unit="ms"):
    """One line a row: p50 (dark), p99 (light), and the maximum at the end of the line."""
    values = [value for row in rows for value in row[1:] if value]
    marks = ticks(min(values), max(values))
    low, high = math.log10(marks[0]), math.log10(marks[-1])
    width = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    bottom = TOP + len(rows) * ROW

    def place(value):
        return LABEL_WIDTH + (math.log10(max(value, marks[0])) - low) / (high - low) * width

    parts = []
    for mark in marks:
        parts.append(line(place(mark), TOP - 6, place(mark), bottom, "#e3e7eb"))
        parts.append(text(place(mark), bottom + 16, f"{mark:g} {unit}", "middle", 11, GREY))
    for index, row in enumerate(rows):
        y = TOP + index * ROW + 11
        known = [value for value in row[1:] if value]
        parts.append(text(LABEL_WIDTH - 8, y + 4, row.label, "end"))
        parts.append(line(place(row.p50), y, place(known[-1]), y, GREY, 2))
        if row.p99:
            parts.append(dot(place(row.p99), y, PALE))
        parts.append(dot(place(row.p50), y, BLUE))
        parts.append(text(WIDTH - VALUE_WIDTH + 16, y + 4,
                          " / ".join(readable(value) for value in known), size=12))
    parts.append(text(WIDTH - 8, 24, "p50 (dark) / p99 (light) / max, if measured", "end", 11, GREY))
    return drawing(title, bottom + 28, parts)
