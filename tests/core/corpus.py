"""Files for the upload tests, ordinary and hostile, built in memory: security.md section 4, rows B85 to B95."""

import io
import struct
import zipfile
import zlib

import pillow_heif
import pypdfium2
from PIL import Image

pillow_heif.register_heif_opener()

# Distinct bytes that must never come out again.
SECRET = "GPS-CANARY-10.7626N-106.6602E"
SCRIPT = b"<script>alert('polyglot-canary')</script>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Upload(io.BytesIO):
    """What a form hands over: content, name, declared type and size."""

    def __init__(self, content, name, content_type=""):
        super().__init__(content)
        self.name, self.content_type, self.size = name, content_type, len(content)


# -- ordinary pictures ----------------------------------------------------------------------------------------------


def picture(width=64, height=48, mode="RGB"):
    """A gradient, so that turning and mirroring show."""
    image = Image.linear_gradient("L").resize((width, height))
    return image.convert(mode)


def image(form="JPEG", width=64, height=48, mode="RGB", **extras):
    target = io.BytesIO()
    picture(width, height, mode).save(target, form, **extras)
    return target.getvalue()


def exif():
    """GPS, maker note, owner and an embedded thumbnail, each with the canary."""
    tags = Image.Exif()
    tags[0x0112] = 6
    tags[0x013B] = SECRET
    tags[0x010E] = SECRET
    gps = tags.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (10.0, 45.0, 45.4), "E", (106.0, 39.0, 36.7)
    gps[27] = SECRET.encode()
    inner = tags.get_ifd(0x8769)
    inner[0x927C] = SECRET.encode()
    inner[0x9286] = SECRET.encode()
    return tags


def jpeg_with_metadata():
    """A phone's JPEG: EXIF as above, a comment, XMP, and another picture hidden behind a thumbnail marker."""
    return image("JPEG", exif=exif(), comment=SECRET.encode(), xmp=f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode())


def png_with_metadata():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", SECRET)
    info.add_itxt("XML:com.adobe.xmp", SECRET, zip=False)
    return image("PNG", pnginfo=info, exif=exif())


def webp_with_metadata():
    return image("WEBP", exif=exif(), xmp=SECRET.encode())


def heic_with_metadata():
    return image("HEIF", exif=exif(), xmp=SECRET.encode())


def avif_with_metadata():
    return image("AVIF", exif=exif(), xmp=SECRET.encode())


def heic_of_many(items=64):
    """A HEIC that holds 64 whole pictures."""
    holder = pillow_heif.HeifFile()
    for number in range(items):
        holder.add_from_pillow(picture(64, 48 + number % 3))
    target = io.BytesIO()
    holder.save(target)
    return target.getvalue()


def jpeg_of_two():
    """A multi-picture JPEG as phones write it."""
    target = io.BytesIO()
    picture().save(target, "MPO", save_all=True, append_images=[picture(32, 24)])
    return target.getvalue()


# -- bombs ----------------------------------------------------------------------------------------------------------


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(side):
    """A black-and-white PNG of side x side pixels in a few kilobytes."""
    press = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    body = b"".join(press.compress(row) for _ in range(side)) + press.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def jpeg_bomb():
    """A small JPEG whose frame header promises 65,000 x 65,000."""
    content = bytearray(image("JPEG"))
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(content)


def gif_bomb():
    content = bytearray(image("GIF"))
    content[6:10] = struct.pack("<HH", 65_000, 65_000)
    return bytes(content)


def webp_bomb():
    """An extended WebP header of 16,777,216 x 16,777,216."""
    return b"RIFF" + struct.pack("<I", 30) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\x00" * 4 + b"\xff" * 6


def heic_bomb():
    """A HEIC whose properties promise 60,000 x 60,000."""
    content = bytearray(image("HEIF"))
    at = content.index(b"ispe") + 8
    content[at : at + 8] = struct.pack(">II", 60_000, 60_000)
    return bytes(content)


def lying_png():
    """The header says 10 x 10, the data unpack to 200 MB."""
    press = zlib.compressobj(9)
    body = b"".join(press.compress(bytes(1_000_000)) for _ in range(200)) + press.flush()
    header = struct.pack(">IIBBBBB", 10, 10, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def text_chunk_bomb():
    """A PNG whose compressed comment unpacks to 200 MB."""
    press = zlib.compressobj(9)
    text = b"".join(press.compress(bytes(1_000_000)) for _ in range(200)) + press.flush()
    content = image("PNG")
    at = content.index(b"IDAT") - 4
    return content[:at] + _chunk(b"zTXt", b"Comment\x00\x00" + text) + content[at:]


def zip_bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(20_000_000))
    return target.getvalue()


def zip_slip():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../etc/cron.d/x", "* * * * * root id")
    return target.getvalue()


def docx(content=b"text"):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", content)
    return target.getvalue()


# -- polyglots ------------------------------------------------------------------------------------------------------


def jpeg_and_html():
    return jpeg_with_metadata() + b"<html>" + SCRIPT


def gif_and_script():
    """GIF89a/* ... */ : valid as a picture's start and as a script's comment."""
    content = bytearray(image("GIF", width=0x2A2F, height=4))
    return bytes(content) + b"*/=1;alert('polyglot-canary')" + SCRIPT


def png_and_php():
    return image("PNG") + b"<?php system($_GET['c']); ?>" + SCRIPT


def pdf_and_zip():
    return pdf() + zip_slip() + SCRIPT


# -- documents ------------------------------------------------------------------------------------------------------


def pdf(pages=1, width=300, height=200):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(width, height).close()
    target = io.BytesIO()
    document.save(target)
    document.close()
    return target.getvalue()


def written_pdf(catalog="", extra=(), trailer="", content="BT /F1 24 Tf 40 100 Td (Permit 4711) Tj ET", media="0 0 300 200"):
    """A one-page PDF written by hand: extra objects start at number 6."""
    stream = content.encode()
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (f"<< /Type /Page /Parent 2 0 R /MediaBox [{media}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>").encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *extra,
    ]
    body, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, thing)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{len(body)}\n%%EOF\n".encode()
    return body + table + end


def pdf_with_metadata():
    """Author, XMP, an embedded file, a script that runs on opening, and a link to a file of the server."""
    secret = SECRET.encode()
    attached = b"<< /Type /EmbeddedFile /Length %d >>\nstream\n%s\nendstream" % (len(secret), secret)
    xmp = b"<< /Type /Metadata /Subtype /XML /Length %d >>\nstream\n%s\nendstream" % (len(secret), secret)
    extra = [
        b"<< /Author (%s) /Title (%s) /Producer (%s) >>" % (secret, secret, secret),
        xmp,
        attached,
        b"<< /Type /Filespec /F (%s.exe) /EF << /F 8 0 R >> >>" % secret,
        b"<< /S /JavaScript /JS (app.alert\\('%s'\\)) >>" % secret,
    ]
    catalog = "/Metadata 7 0 R /OpenAction 10 0 R /Names << /EmbeddedFiles << /Names [(a) 9 0 R] >> >>"
    return written_pdf(catalog=catalog, extra=extra, trailer="/Info 6 0 R")


def encrypted_pdf():
    """Standard security handler with a user password nobody knows."""
    zeros = "00" * 32
    handler = f"<< /Filter /Standard /V 1 /R 2 /O <{zeros}> /U <{zeros}> /P -4 >>".encode()
    return written_pdf(extra=[handler], trailer=f"/Encrypt 6 0 R /ID [<{'11' * 16}> <{'11' * 16}>]")


def huge_page_pdf():
    return written_pdf(media="0 0 900000000 900000000")


def slow_pdf():
    """A short program that draws for ever: nested forms, ten calls each, twelve deep."""
    depth = 12
    extra = []
    for level in range(depth):
        deeper = f"/XObject << /X {7 + level} 0 R >>" if level < depth - 1 else ""
        calls = ("/X Do " * 10 if level < depth - 1 else "0 0 300 200 re f " * 200).encode()
        head = f"<< /Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources << {deeper} >> /Length {len(calls)} >>"
        extra.append(head.encode() + b"\nstream\n" + calls + b"\nendstream")
    content = written_pdf(content="/X Do", extra=extra)
    return content.replace(b"/Font << /F1 5 0 R >>", b"/XObject << /X 6 0 R >>")


# -- not pictures at all --------------------------------------------------------------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script><foreignObject/></svg>'
SVG_WITH_PROLOG = b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG
HTML = b"<!doctype html><script>alert(1)</script>"
EXE = b"MZ\x90\x00\x03\x00\x00\x00" + bytes(200)
ELF = b"\x7fELF\x02\x01\x01" + bytes(200)
SHELL = b"#!/bin/sh\nid\n"
