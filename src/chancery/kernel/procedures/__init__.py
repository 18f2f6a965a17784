"""Matters, moved through BPMN procedures.

Users: everyone at headquarters. A *matter* is moved step by step along a drawing (BPMN 2.0) which the engine executes
and the browser shows. Regulation: each procedure cites its own; the instrument itself follows the rules on handling
official documents (time limits, return with reasons, urging, circulation) as far as they hold for any matter.
"""
