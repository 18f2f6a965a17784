"""The desk of levels serves these tests too."""

from chancery.departments.general_office.confidential_work.classification.tests.conftest import desk

__all__ = ["desk"]
