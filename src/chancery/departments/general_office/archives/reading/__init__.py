"""Reading archives: a request, its decision, reading on the screen until a day, watermarked copies.

Users: all staff (ask), the head of the archive or, for restricted items, the department that filed them (decide).
Rules: Archives Law 2020, arts. 27–33; Regulations 2024. An item one may not know of does not exist here. Part of
function 7.
"""
