"""What stands around the text of a paper: above it, below it, at its foot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PaperHead:
    """Head and foot of a paper, all of them plain words; what is empty is left out."""

    issuer_mark: str = ""  # 发文机关标志, or the name on the letterhead
    number: str = ""  # 发文字号; "" before issue
    signatories: tuple[str, ...] = ()  # 签发人, on upward papers
    title: str = ""
    addressees: str = ""  # 主送
    signers: tuple[str, ...] = ()  # who issues it, at the end of the text
    dated_on: dt.date | None = None
    annexes: tuple[str, ...] = ()  # 附件说明
    note: str = ""  # 附注
    cc: str = ""  # 抄送
    language: Literal["zh", "en"] = "zh"

    @property
    def date(self) -> str:
        """The date as printed."""
        if self.dated_on is None:
            return ""
        if self.language == "zh":
            return f"{self.dated_on.year}年{self.dated_on.month}月{self.dated_on.day}日"
        return f"{self.dated_on.day} {_MONTHS[self.dated_on.month - 1]} {self.dated_on.year}"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
