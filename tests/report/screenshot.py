"""Reads what a PNG shows, as far as screenshots need it: 8 bits, RGB or RGBA, not interlaced."""

import struct
import zlib


def pixels(png):
    """The pixels of a PNG file as tuples of red, green and blue."""
    if png[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("not a PNG")
    data, at = b"", 8
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at:at + 8])
        content = png[at + 8:at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", content)
        if kind == b"IDAT":
            data += content
        at += length + 12
    if depth != 8 or colour not in (2, 6) or interlaced:
        raise ValueError("not an RGB screenshot")
    step = 3 if colour == 2 else 4
    rows = unfiltered(zlib.decompress(data), width * step, height, step)
    return [tuple(row[place:place + 3]) for row in rows for place in range(0, len(row), step)]


def unfiltered(data, width, height, step):
    """Undoes the filters of PNG, section 9 of its specification."""
    rows, above = [], bytearray(width)
    for number in range(height):
        begin = number * (width + 1)
        kind, row = data[begin], bytearray(data[begin + 1:begin + 1 + width])
        for place in range(width):
            left = row[place - step] if place >= step else 0
            corner = above[place - step] if place >= step else 0
            row[place] = (row[place] + guess(kind, left, above[place], corner)) & 255
        rows.append(row)
        above = row
    return rows


def guess(kind, left, above, corner):
    """What a filter takes for the next byte."""
    if kind < 3:
        return (0, left, above)[kind]
    if kind == 3:
        return (left + above) // 2
    return min((abs(above - corner), 0, left), (abs(left - corner), 1, above),
               (abs(left + above - 2 * corner), 2, corner))[2]


def brightness(colours):
    """The mean of all pixels, 0 to 255."""
    return sum(map(sum, colours)) / (3 * len(colours))
