"""Account and Invitation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from chancery.foundations.actor import Clearance

if TYPE_CHECKING:
    from chancery.kernel.access.hats.queries import Wardrobe

CLEARANCES = [
    (Clearance.INTERNAL.value, _("Internal")),
    (Clearance.RESTRICTED.value, _("Restricted")),
    (Clearance.CONFIDENTIAL.value, _("Confidential")),
]


class AccountManager(BaseUserManager["Account"]):
    """Accounts by e-mail."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account of an e-mail address, letter case aside."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """A way for one person to sign in. It carries no powers: those come from the posts its person holds."""

    email = models.EmailField(_("e-mail"), unique=True)
    person = models.OneToOneField(
        "directory.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="account"
    )
    clearance = models.PositiveSmallIntegerField(_("clearance"), choices=CLEARANCES, default=Clearance.INTERNAL.value)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    # Brought along by AccountBackend for the account of a session.
    wardrobe: Wardrobe | None

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    is_staff = False  # allauth and Django ask; there is no Django admin here
    is_superuser = False
    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="access_account_email_any_case"),
            models.CheckConstraint(
                name="access_account_clearance_known",
                condition=models.Q(clearance__in=[c.value for c in Clearance]),
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Never: rules decide here, not Django permissions."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Never: rules decide here, not Django permissions."""
        return False


class Invitation(models.Model):
    """A one-use link that lets a person of the directory make their account. Only the link's digest is kept."""

    email = models.EmailField(_("e-mail"))
    person = models.ForeignKey("directory.Person", on_delete=models.PROTECT, related_name="+")
    clearance = models.PositiveSmallIntegerField(_("clearance"), choices=CLEARANCES, default=Clearance.INTERNAL.value)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="access_invitation_used_or_withdrawn",
                condition=models.Q(accepted_at=None) | models.Q(withdrawn_at=None),
            ),
            models.UniqueConstraint(
                fields=["person"],
                name="access_invitation_one_open",
                condition=models.Q(accepted_at=None, withdrawn_at=None),
                violation_error_message=_("This person already has an open invitation."),
            ),
        ]
