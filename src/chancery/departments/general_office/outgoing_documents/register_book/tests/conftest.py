"""The desk, for tests of the register."""

from chancery.departments.general_office.outgoing_documents.issuing.tests.conftest import desk

__all__ = ["desk"]
