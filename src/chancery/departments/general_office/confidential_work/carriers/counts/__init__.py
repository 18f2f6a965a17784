"""The yearly count (清退): every copy seen or named as missing. Function 6."""
