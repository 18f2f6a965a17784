"""Leavers: carriers, loans and matters handed on before somebody goes. Function 6; the Law, art. 46."""
