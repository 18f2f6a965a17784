"""The picture of the house: units as boxes that are links, drawn on the server."""
