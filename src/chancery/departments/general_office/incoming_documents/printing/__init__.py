"""Printed papers: the processing slip 文件处理单 and the letter that goes with returned papers.

Part of incoming documents (function 3). What is printed is what the reader may see, in the reader's language.
"""
