"""The hub, the register and the page of a petition, as rows. Part of function 8."""
