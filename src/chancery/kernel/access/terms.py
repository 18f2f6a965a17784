"""Roles every headquarters has, acts of access in words, and the scopes of tokens."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chancery.foundations.card import Role

HEAD = "head"
DEPUTY_HEAD = "deputy_head"
REGISTRAR = "registrar"
CLERK = "clerk"
DIRECTORY_EDITOR = "directory_editor"
ACCESS_ADMIN = "access_admin"
RULEBOOK_EDITOR = "rulebook_editor"
CALENDAR_EDITOR = "calendar_editor"
AUDITOR = "auditor"

# These two see whatever belongs to their unit and below (access_my_oversight, migration 0002).
OVERSEERS = frozenset({HEAD, REGISTRAR})

BASE_ROLES = (
    Role(HEAD, "Head", "负责人", "Decides for the unit; sees all its matters.", "为本单位作决定；可见本单位全部事项。"),
    Role(DEPUTY_HEAD, "Deputy head", "副职负责人", "Decides what the head leaves to them.", "处理负责人交办的事项。"),
    Role(
        REGISTRAR,
        "Registrar",
        "登记员",
        "Registers what arrives and leaves; sees all matters of the unit.",
        "登记收发文；可见本单位全部事项。",
    ),
    Role(CLERK, "Clerk", "经办人", "Handles the unit's ordinary work.", "办理本单位日常事务。"),
    Role(
        DIRECTORY_EDITOR, "Directory editor", "名录管理员", "Keeps units, posts and holdings.", "维护机构、职位与任职。"
    ),
    Role(
        ACCESS_ADMIN,
        "Access administrator",
        "权限管理员",
        "Keeps accounts, roles and absences; sees no matter by it.",
        "管理账号、角色与代理；不因此可见任何事项。",
    ),
    Role(RULEBOOK_EDITOR, "Rulebook editor", "规则管理员", "Keeps dated provisions.", "维护附有效期的规定。"),
    Role(CALENDAR_EDITOR, "Calendar editor", "工作日历管理员", "Keeps the working days.", "维护工作日。"),
    Role(AUDITOR, "Auditor", "审计员", "Reads the journal's seals and reports.", "查阅日志封存与报告。"),
)

ACTS = {
    "guard.relabelled": _("Label changed"),
    "guard.moved": _("Handed to another unit"),
    "account.opened": _("Account opened"),
    "account.changed": _("Account changed"),
    "account.closed": _("Account closed"),
    "account.reopened": _("Account reopened"),
    "account.signed_in": _("Signed in"),
    "account.signed_out": _("Signed out"),
    "account.signed_out_everywhere": _("Signed out everywhere"),
    "account.credential_changed": _("Sign-in details changed"),
    "account.hat_changed": _("Hat changed"),
    "invitation.sent": _("Invitation sent"),
    "invitation.accepted": _("Invitation accepted"),
    "invitation.withdrawn": _("Invitation withdrawn"),
    "role.granted": _("Role granted"),
    "role.ended": _("Role ended"),
    "absence.declared": _("Absence declared"),
    "absence.shortened": _("Absence shortened"),
    "absence.cancelled": _("Absence cancelled"),
    "recusal.declared": _("Recusal declared"),
    "recusal.lifted": _("Recusal lifted"),
    "token.made": _("Access token made"),
    "token.revoked": _("Access token revoked"),
}

# What a token may be allowed; an endpoint asks `by.scopes` through `rules.within_scope`.
TOKEN_SCOPES = {
    "directory:read": _("Read the directory"),
    "directory:write": _("Change the directory"),
    "records:read": _("Read documents and files"),
    "records:write": _("Register documents and add files"),
    "matters:read": _("Read matters and tasks"),
    "matters:write": _("Act on matters and tasks"),
}
