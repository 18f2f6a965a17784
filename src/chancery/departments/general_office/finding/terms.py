"""Words of the states by which papers are found. What both registers call otherwise has a code of its own."""

from __future__ import annotations

from chancery.departments.general_office.incoming_documents.terms import State as Incoming
from chancery.departments.general_office.outgoing_documents.terms import State as Outgoing
from chancery.departments.general_office.petitions.terms import State as Petition

#: SIGNED is "signed for" of an incoming paper; of an outgoing one it is the leader's signature.
OUTGOING_CODES = {Outgoing.SIGNED.value: "SIGNED_OFF"}
INCOMING_STATES = {state.value: state.label for state in Incoming}
OUTGOING_STATES = {OUTGOING_CODES.get(state.value, state.value): state.label for state in Outgoing}
#: A petition's states have words of their own.
PETITION = "PET_"  # sixteen characters with the longest
PETITION_STATES = {f"{PETITION}{state.value}": state.label for state in Petition}
