"""Storage (库房管理, function 7): rooms, racks and shelves, the boxes on them, the stocktake.

Users: archivists, the head of the archive. Rules: Archives Law 2020, art. 19; DA/T 22-2015 (boxes and their order).
"""
