"""Cleared persons 涉密人员: granted with a basis, trained, reviewed, cooled off. Function 6; the Law, art. 43-46."""
