"""Transfer to the archives authority, and taking in what other archives send.

Part of archives (function 7). Users: archivists draw a list up and hand its package over; the head of the archive, a
different person, approves it. What is kept for good goes to the authority after the years the rulebook names; a line in
the catalogue stays as a stub, and the files as copies for as long as the rules want. Rules: Archives Law Regulations
2024, arts. 19, 20 and 24; 档发〔2012〕7号 on electronic transfer; DA/T 93-2022.
"""
