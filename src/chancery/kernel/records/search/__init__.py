"""Search: one index for everything, in Chinese and English, that answers only with what the asker may see."""
