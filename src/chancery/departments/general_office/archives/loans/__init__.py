"""The loan log: paper originals and boxes lent out, extended, chased, brought back.

Users: archivists (lend, extend, take back, chase), borrowers. Rules: Archives Law 2020; DA/T 22-2015 and house rules on
periods. Part of function 7.
"""
