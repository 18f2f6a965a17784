"""The find box: people, units and posts by name, pinyin, initials, title or function, exactly as far as one may see."""
