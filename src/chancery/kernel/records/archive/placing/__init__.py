"""Under which class a thing is filed, and for how long: proposed by the file plan, chosen in a form, checked."""
