"""The status page: what is up, what is planned, and the thresholds of the public doors.

Users: everybody; notice editors announce planned interruptions. Functions with a public door publish their thresholds
by `terms.publish_thresholds`.
"""
