"""Official papers set with typst: GB/T 9704-2012 and a neutral set, as PDF/A-2b with places for seals (function 4).

from chancery.kernel.records.setting import Format, Paper, set_paper
made = set_paper(Paper(format=Format.DOCUMENT, issuer_marks=["…"], title="…", blocks=manuscript.for_typst(…)))
"""

from chancery.kernel.records.setting.queries import set_paper
from chancery.kernel.records.setting.rules import MissingGlyphs, UnknownFont
from chancery.kernel.records.setting.terms import Annex, Attendance, Format, Paper, Place, SetPaper

__all__ = [
    "Annex",
    "Attendance",
    "Format",
    "MissingGlyphs",
    "Paper",
    "Place",
    "SetPaper",
    "UnknownFont",
    "set_paper",
]
