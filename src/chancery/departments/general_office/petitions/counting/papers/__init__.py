"""Figures on paper: the yearly report as PDF and workbook, the text of a notice."""
