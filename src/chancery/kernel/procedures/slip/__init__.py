"""The processing slip 文件处理单, 发文稿纸 of a matter: facts, every opinion by unit, who read it, what came of it.

For functions whose matters end on paper. What is printed is what the reader may see, in the reader's language.
"""
