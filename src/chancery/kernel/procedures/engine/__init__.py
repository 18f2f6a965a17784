"""The engine: a BPMN file is read and refused or accepted, then run by SpiffWorkflow.

`conditions` decides gateways, `diagram` reads the file, `plan` makes it runnable, `machine` holds one running matter.
Nothing here touches the database or knows who acts.
"""
