"""The drawing of documents from inside the house and what is bound to it."""
