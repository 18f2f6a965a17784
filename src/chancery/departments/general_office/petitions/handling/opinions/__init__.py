"""The written opinion: request, facts, view, basis, remedy; drafted by the handler, approved by the head, then told."""
