"""Incoming documents 收文 (function 3): what reaches the headquarters from outside, from receipt to the file.

Users: the General Office's registrar, first checker, chaser and archivist, its head, the leaders, and every unit that
is asked to handle or read a paper. Governed by the general rules on official-document handling (a paper is signed
for, registered, first-checked, handled, circulated, urged and answered; faulty ones go back with reasons; two or more
units need one named lead; urgent ones a limit; important ones a named chaser). Function folders inside it: `intake`
(drafts, files, what an e-mail proposes) and `register_book` (list, statistics, interchange).
"""
