"""The set page while one writes: page images, missing characters, what is still incomplete."""
