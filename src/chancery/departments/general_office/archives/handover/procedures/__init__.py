"""The two procedures of handing over: the department's yearly duty, the archive's taking over."""
