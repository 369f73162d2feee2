"""Makes the pictures of this folder: python3 make_images.py, with Pillow 13 and pillow-heif 1.8.1 (libheif 1.23.6, x265
4.3) installed.

Most are of 48 columns and 32 rows, cut into four of 24 x 16, whose colours the tests know. seven is a photo of a digit.
"""

import pathlib

import pillow_heif
from PIL import Image

FOLDER = pathlib.Path(__file__).parent
COLUMNS, ROWS = 48, 32
GREYS = [20, 90, 160, 240]  # top left, top right, bottom left, bottom right
COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]
ENCODER = {"x265:info": "0", "preset": "veryslow"}  # without the encoder's name and settings, which take a kilobyte


def quarters(mode, colours):
    image = Image.new(mode, (COLUMNS, ROWS))
    for index, colour in enumerate(colours):
        row, column = divmod(index, 2)
        image.paste(colour, (column * COLUMNS // 2, row * ROWS // 2, (column + 1) * COLUMNS // 2, (row + 1) * ROWS // 2))
    return image


def save(name, image, **options):
    settings = {"quality": 90, "chroma": 444, "exif": None, "enc_params": ENCODER, **options}
    pillow_heif.from_pillow(image).save(FOLDER / f"{name}.heic", **settings)


def orientation(number):
    exif = Image.Exif()
    exif[0x0112] = number
    return exif.tobytes()


def main():
    save("grey", quarters("L", GREYS))
    save("colours", quarters("RGB", COLOURS))
    for number in range(2, 9):
        save(f"orientation-{number}", quarters("L", GREYS), exif=orientation(number))
    save("tiles", quarters("L", GREYS).resize((192, 128), Image.Resampling.NEAREST), tile_size=64)
    ink = [(0, 0, 0, 255), (255, 255, 255, 0), (255, 255, 255, 0), (255, 255, 255, 0)]
    save("transparent", quarters("RGBA", ink))
    half = [(100, 100, 100, 128), (100, 100, 100, 255), (200, 200, 200, 128), (200, 200, 200, 255)]
    save("half-transparent", quarters("RGBA", half))
    premultiplied = [tuple((colour * pixel[3] + 127) // 255 for colour in pixel[:3]) + pixel[3:] for pixel in half]
    premultiplied_image = pillow_heif.from_bytes("RGBa", (COLUMNS, ROWS), quarters("RGBA", premultiplied).tobytes())
    premultiplied_image.save(FOLDER / "premultiplied.heic", quality=90, chroma=444, enc_params=ENCODER)
    grey = quarters("L", GREYS).tobytes()
    wide = b"".join((light * 257).to_bytes(2, "little") for light in grey for _ in range(3))
    ten_bits = pillow_heif.from_bytes("RGB;16", (COLUMNS, ROWS), wide)
    ten_bits.save(FOLDER / "ten-bits.heic", quality=90, chroma=444, enc_params=ENCODER)

    photo = Image.open(FOLDER.parents[2] / "docs" / "pictures" / "photo.jpg").convert("L").resize((120, 90))
    save("seven", photo, quality=40)
    photo.convert("RGB").save(FOLDER / "seven.webp", quality=40, method=6)


main()
