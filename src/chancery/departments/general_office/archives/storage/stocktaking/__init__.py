"""Pages of taking stock (盘点): counting by scanner, keyboard or camera, the lists, the sign-off.

Users: archivists, the head of the archive. Rules: Archives Law 2020, art. 19 (holdings are checked at regular times).
"""
