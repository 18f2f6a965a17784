"""What departments owe the archive, counted each night and reminded of.

Users: archivists, clerks of departments. Rules: order no. 8 of the State Archives
Administration (the day is a provision).
"""
