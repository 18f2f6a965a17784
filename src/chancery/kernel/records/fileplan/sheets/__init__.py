"""A version of a file plan as a workbook, out and back in, every row checked. For archivists; part of function 7."""
