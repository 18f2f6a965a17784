"""The desk: letters, calls, faxes and e-mail that registrars take in for their senders (`visits`: who comes in person).

Users: registrars of petitions. Rules: Regulations on Letters and Visits Work 2022, arts. 17–22. Who sent it goes into
custody with the form that is sent and comes back to nobody at the desk. Part of function 8.
"""
