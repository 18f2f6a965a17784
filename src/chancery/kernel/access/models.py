"""Accounts, guards, grants, absences, tokens."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Accounts by e-mail."""


class Account(AbstractBaseUser, PermissionsMixin):
    """A way for one person to sign in."""

    email = models.EmailField(unique=True)
    person = models.OneToOneField(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="account"
    )
    clearance = models.PositiveSmallIntegerField(default=10)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    objects = AccountManager()
