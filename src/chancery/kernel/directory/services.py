"""Every verb of the directory, from the folders that keep them."""

from __future__ import annotations

from chancery.kernel.directory.contacts.services import add_contact, end_contact
from chancery.kernel.directory.holdings.services import appoint, appoint_acting, correct_holding, end_holding
from chancery.kernel.directory.people.services import add_person, rename_person
from chancery.kernel.directory.posts.services import abolish_post, open_post, publish_post, retitle_post
from chancery.kernel.directory.units.services import (
    change_unit,
    confirm_unit,
    create_unit,
    describe_unit,
    dissolve_unit,
    move_unit,
    rename_unit,
    set_led_by,
)
from chancery.kernel.directory.validity.services import bring_up_to_date

__all__ = [
    "abolish_post",
    "add_contact",
    "add_person",
    "appoint",
    "appoint_acting",
    "bring_up_to_date",
    "change_unit",
    "confirm_unit",
    "correct_holding",
    "create_unit",
    "describe_unit",
    "dissolve_unit",
    "end_contact",
    "end_holding",
    "move_unit",
    "open_post",
    "publish_post",
    "rename_person",
    "rename_unit",
    "retitle_post",
    "set_led_by",
]
