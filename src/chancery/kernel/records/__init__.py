"""Files, documents, numbers, search: what every department keeps its record with.

| folder | holds |
|---|---|
| `markings/` | the rule that no state-secret marking is stored |
| `files/` | stored files: examined, hashed, kept once, shown |
| `numbers/` | gapless number series |
| `documents/` | documents and the files that make them up |
| `search/` | the one search index, under row security |

Other apps import from `records.models`, `records.services`, `records.queries`, `records.rules`.
"""
