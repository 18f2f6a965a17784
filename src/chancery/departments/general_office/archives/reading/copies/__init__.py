"""Watermarks: on the pages shown, on the copies that leave. The stored file is never touched. Used by readers."""
