"""Opening, changing, closing accounts; invitations; ending sessions."""

from __future__ import annotations

import base64
import datetime as dt
import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chancery.foundations import clock
from chancery.foundations.actor import SYSTEM, Actor, Clearance
from chancery.foundations.journal.services import write as journal_write
from chancery.foundations.postgres.row_security import acting_as, service
from chancery.foundations.rulebook import queries as rulebook
from chancery.foundations.verdict import Refused
from chancery.kernel.access.accounts import rules
from chancery.kernel.access.accounts.models import Account, Invitation
from chancery.kernel.access.accounts.queries import digest_of


class EmailTaken(Refused):
    """Another account signs in with this e-mail."""


class NoInvitation(Refused):
    """The link was used, withdrawn, has expired, or never was."""


@service
def open_account(
    *,
    email: str,
    person_id: int,
    password: str | None = None,
    clearance: int = Clearance.INTERNAL,
    by: Actor,
    at: dt.datetime,
) -> Account:
    """An account for a person of the directory. Without a password it is entered by OIDC or recovery only."""
    rules.may_keep_accounts(by).demand()
    rules.may_give_clearance(by, clearance).demand()
    rules.is_cleared_for(by, person_id, clearance, at).demand()
    try:
        with transaction.atomic():
            account = Account.objects.create(
                email=email.strip().lower(),
                person_id=person_id,
                clearance=clearance,
                password=make_password(password),
                created_at=at,
            )
    except IntegrityError as error:
        if "person" in str(error):
            raise Refused(_("This person has an account already."), field="person") from error
        raise EmailTaken(_("Another account signs in with this e-mail."), field="email") from error
    # allauth's own table: the address is confirmed, since the account came by an invitation to it or by a keeper.
    EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
    journal_write(
        by=by,
        at=at,
        act="account.opened",
        on=account,
        label=Clearance.RESTRICTED,
        data={"person": person_id, "clearance": clearance},
    )
    return account


@service
def change_clearance(*, account_id: int, clearance: int, by: Actor, at: dt.datetime) -> None:
    """Let a person see further, or less far."""
    rules.may_keep_accounts(by).demand()
    account = Account.objects.select_for_update().get(pk=account_id)
    rules.may_give_clearance(by, max(clearance, account.clearance)).demand()
    rules.not_own(by, account_id).demand()
    if account.clearance == clearance:
        return
    if clearance > account.clearance:
        rules.is_cleared_for(by, account.person_id, clearance, at).demand()
    before, account.clearance = account.clearance, clearance
    account.save(update_fields=["clearance"])
    journal_write(
        by=by,
        at=at,
        act="account.changed",
        on=account,
        label=Clearance.RESTRICTED,
        data={"clearance": [before, clearance]},
    )


@service
def close_account(*, account_id: int, by: Actor, at: dt.datetime) -> None:
    """Stop somebody from signing in, and end all their sessions and tokens at once."""
    rules.may_keep_accounts(by).demand()
    rules.not_own(by, account_id).demand()
    account = Account.objects.select_for_update().get(pk=account_id)
    if not account.is_active:
        return
    rules.may_be_closed(by, account.person_id, at).demand()
    account.is_active, account.closed_at = False, at
    account.save(update_fields=["is_active", "closed_at"])
    ended = _end_sessions(account_id)
    journal_write(by=by, at=at, act="account.closed", on=account, label=Clearance.RESTRICTED, data={"sessions": ended})


@service
def reopen_account(*, account_id: int, by: Actor, at: dt.datetime) -> None:
    """Let a closed account sign in again."""
    rules.may_keep_accounts(by).demand()
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.is_active:
        return
    account.is_active, account.closed_at = True, None
    account.save(update_fields=["is_active", "closed_at"])
    journal_write(by=by, at=at, act="account.reopened", on=account, label=Clearance.RESTRICTED)


@service
def end_all_sessions(*, account_id: int, by: Actor, at: dt.datetime, but: str = "") -> int:
    """Sign an account out everywhere (`but` the session of that key). Its owner may, and an access administrator."""
    if by.account_id != account_id:
        rules.may_keep_accounts(by).demand()
    ended = _end_sessions(account_id, but)
    journal_write(
        by=by,
        at=at,
        act="account.signed_out_everywhere",
        on=f"access.account:{account_id}",
        label=Clearance.RESTRICTED,
        data={"sessions": ended},
    )
    return ended


def _end_sessions(account_id: int, but: str = "") -> int:
    known = UserSession.objects.filter(user_id=account_id).exclude(session_key=but)
    ended, _rows = Session.objects.filter(session_key__in=list(known.values_list("session_key", flat=True))).delete()
    known.delete()
    return ended


@service
def invite(*, email: str, person_id: int, clearance: int, by: Actor, at: dt.datetime) -> tuple[Invitation, str]:
    """Invite a person of the directory; gives back the secret of the link, which is kept nowhere."""
    rules.may_keep_accounts(by).demand()
    rules.may_give_clearance(by, clearance).demand()
    rules.is_cleared_for(by, person_id, clearance, at).demand()
    email = email.strip().lower()
    if Account.objects.filter(email__iexact=email).exists():
        raise EmailTaken(_("Another account signs in with this e-mail."), field="email")
    if Account.objects.filter(person_id=person_id).exists():
        raise Refused(_("This person has an account already."), field="person")
    days = rulebook.days("access.invitation.lifetime", on=clock.date_of(at))
    secret = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                email=email,
                person_id=person_id,
                clearance=clearance,
                digest=digest_of(secret),
                invited_by_id=by.account_id,
                created_at=at,
                expires_at=at + dt.timedelta(days=days),
            )
    except IntegrityError as error:
        raise Refused(_("This person already has an open invitation."), field="person") from error
    journal_write(
        by=by, at=at, act="invitation.sent", on=invitation, label=Clearance.RESTRICTED, data={"person": person_id}
    )
    return invitation, secret


@service
def withdraw_invitation(*, invitation_id: int, by: Actor, at: dt.datetime) -> None:
    """Make an unused link worthless."""
    rules.may_keep_accounts(by).demand()
    invitation = (
        Invitation.objects.select_for_update().filter(pk=invitation_id, accepted_at=None, withdrawn_at=None).first()
    )
    if invitation is None:
        raise Refused(_("This invitation was used or withdrawn already."))
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    journal_write(by=by, at=at, act="invitation.withdrawn", on=invitation, label=Clearance.RESTRICTED)


@service
def add_second_factor(*, account_id: int, by: Actor, at: dt.datetime) -> str:
    """Give a sample account a one-time-password secret made here, and return it; people enrol themselves."""
    if not by.is_system:
        raise Refused(_("People enrol their own second factor."))
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    Authenticator.objects.create(
        user_id=account_id, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(secret)}
    )
    journal_write(
        by=by, at=at, act="account.credential_changed", on=f"access.account:{account_id}", label=Clearance.RESTRICTED
    )
    return secret


@service
def accept_invitation(*, secret: str, password: str, by: Actor, at: dt.datetime) -> Account:
    """Make the account an invitation is for, with the password its reader chose. A link works once."""
    with acting_as(SYSTEM):
        invitation = (
            Invitation.objects.select_for_update()
            .filter(digest=digest_of(secret), accepted_at=None, withdrawn_at=None, expires_at__gt=at)
            .first()
        )
        if invitation is None:
            raise NoInvitation(_("This invitation was used, withdrawn or has expired. Ask for a new one."))
        try:
            validate_password(password, Account(email=invitation.email))
        except ValidationError as error:
            raise Refused(" ".join(error.messages), field="password1") from error
        account = open_account(
            email=invitation.email,
            person_id=invitation.person_id,
            password=password,
            clearance=invitation.clearance,
            by=SYSTEM,
            at=at,
        )
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        journal_write(by=SYSTEM, at=at, act="invitation.accepted", on=invitation, label=Clearance.RESTRICTED)
    return account


@service
def note_sign_in(*, way: str, by: Actor, at: dt.datetime) -> None:
    """Journal that somebody signed in, and how."""
    journal_write(
        by=by,
        at=at,
        act="account.signed_in",
        on=f"access.account:{by.account_id}",
        label=Clearance.RESTRICTED,
        data={"way": way},
    )


@service
def note_credential(*, what: str, by: Actor, at: dt.datetime) -> None:
    """Journal that a password, second factor or passkey changed."""
    journal_write(
        by=by,
        at=at,
        act="account.credential_changed",
        on=f"access.account:{by.account_id}",
        label=Clearance.RESTRICTED,
        data={"what": what},
    )
