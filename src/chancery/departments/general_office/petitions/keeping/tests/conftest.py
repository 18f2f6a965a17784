"""What the tests of keeping share: the desk of letters."""

from chancery.departments.general_office.petitions.letters.tests.conftest import desk

__all__ = ["desk"]
