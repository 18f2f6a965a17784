"""Visits: the places where people are received, the day's queue, rooms, times, and what came of each visit.

Users: registrars of petitions (receive, call, hear), officers and the head (name the places and their hours), the
waiting room (numbers only). Rules: Regulations on Letters and Visits Work 2022, art. 20: visits are received at the
places that were named, a group sends at most five representatives. Part of function 8.
"""
