"""What a file really is: its type found in its content, its text, its pages. Domain-free, no database, no prose.

`examine(name, content)` answers with a `Paper` or raises `Unacceptable` with a code; the caller has the words.
"""

from chancery.foundations.papers.examine import Limits, Paper, examine
from chancery.foundations.papers.faults import Fault, Unacceptable
from chancery.foundations.papers.types import MEDIA_TYPES, Family, MediaType

__all__ = ["MEDIA_TYPES", "Family", "Fault", "Limits", "MediaType", "Paper", "Unacceptable", "examine"]
