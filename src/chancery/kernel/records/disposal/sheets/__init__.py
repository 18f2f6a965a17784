"""Appraisal lists as spreadsheets: out to the appraisers, back with every row checked, faults marked in their cells."""
