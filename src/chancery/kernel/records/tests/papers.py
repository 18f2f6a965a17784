"""Files of every kind, made on the spot."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import docx
import openpyxl
import pikepdf


def pdf(text: str = "A letter about nothing.", pages: int = 1) -> bytes:
    from chancery.foundations import typeset

    source = '#set text(font: "Noto Serif SC")\n' + "#pagebreak()\n".join(["#sys.inputs.text\n"] * pages)
    return typeset.pdf_of_source(source, {"text": text})


def locked_pdf(user: str = "secret") -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
    return out.getvalue()


def pdf_with(attachment: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.attachments[attachment] = content
        document.save(out)
    return out.getvalue()


def pdf_noted(note: str) -> bytes:
    """A PDF with a text note that is not part of the page's text."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, Rect=[10, 10, 30, 30], Contents=note
        )
        document.pages[0].Annots = document.make_indirect(pikepdf.Array([annotation]))
        document.save(out)
    return out.getvalue()


def word(body: str = "About the work plan", header: str = "", split: bool = False, footer: str = "") -> bytes:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in body if split else [body]:  # every character in a run of its own, as editors do after changes
        paragraph.add_run(piece).bold = None
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def sheet(cell: str = "Budget", comment: str = "", name: str = "Sheet") -> bytes:
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    book.active.title = name
    book.active["A1"] = cell
    book.active["B1"] = 42
    if comment:
        book.active["A1"].comment = Comment(comment, "someone")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(parts: dict[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def repacked(package: bytes, more: dict[str, str | bytes], drop: tuple[str, ...] = ()) -> bytes:
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        parts: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist() if name not in drop}
    return zipped(parts | more)


def ofd(*lines: str) -> bytes:
    objects = "".join(
        f'<ofd:TextObject Boundary="20 {20 + 10 * n} 160 8">'
        f'<ofd:TextCode X="0" Y="6">{line}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate(lines)
    )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    body = (
        "<ofd:DocBody><ofd:DocInfo><ofd:Title>Notice</ofd:Title></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    )
    layer = f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>"
    return zipped(
        {
            "OFD.xml": f"<ofd:OFD {space} Version='1.0'>{body}</ofd:OFD>",
            "Doc_0/Document.xml": f"<ofd:Document {space}/>",
            "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {space}>{layer}</ofd:Page>",
        }
    )


ODF = "urn:oasis:names:tc:opendocument:xmlns"


def odt(*paragraphs: str, header: str = "") -> bytes:
    spaces = f'xmlns:o="{ODF}:office:1.0" xmlns:t="{ODF}:text:1.0"'
    body = "".join(f"<t:p>{text}</t:p>" for text in paragraphs)
    return zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<o:document-content {spaces}><o:body>{body}</o:body></o:document-content>",
            "styles.xml": f"<o:document-styles {spaces}><t:p>{header}</t:p></o:document-styles>",
            "META-INF/manifest.xml": "<manifest/>",
        }
    )


def mail(
    body: str = "Dear colleagues", attachments: dict[str, bytes] | None = None, subject: str = "Invitation"
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@sample.invalid", "b@sample.invalid", subject
    message["Date"] = "Mon, 23 Nov 2026 10:00:00 +0800"
    message.set_content(body)
    for name, content in (attachments or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def image(kind: str = "PNG", frames: int = 1, text: str = "") -> bytes:
    from PIL import Image, PngImagePlugin

    out = io.BytesIO()
    pictures = [Image.new("RGB", (60, 40), (200, 10 * n, 10)) for n in range(frames)]
    more = {"save_all": True, "append_images": pictures[1:]} if frames > 1 else {}
    if text:
        info = PngImagePlugin.PngInfo()
        info.add_itxt("Title", text)
        more["pnginfo"] = info
    pictures[0].save(out, kind, **more)
    return out.getvalue()


OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le") + b"\0" * 600
LOCKED_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
