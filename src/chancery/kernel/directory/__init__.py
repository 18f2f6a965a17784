"""Who is who: units, posts, people, holdings, contacts, each with the days it was true (function 65).

Users: the public (the directory page of any day), staff (who answers for what), directory editors (changes, by
decision), and every other instrument, which joins these tables. Regulation: the headquarters' own establishment
plan and personnel decisions; interchange follows W3C ORG (2014), RFC 6350 and schema.org.

Inside: `terms models rules queries services` hold the facts; `loading` brings a file of facts in; `publicpage` is
what the public sees; `interchange` writes JSON-LD, vCard and CSV; `organogram` draws; `desk` is the staff pages.
"""
