"""Which web addresses name one text for ever."""

from __future__ import annotations

import re

_FIXED = re.compile(
    r"""^https?://[^?\#]*(
        /[0-9a-f]{40}(?=[/?\#]|$)                           # a commit
      | /(blob|tree|raw|commit|src)/[0-9a-f]{7,40}(?=[/?\#]|$)
      | [/@]v?[0-9]+(\.[0-9]+)+(?=[/?\#]|$)                 # a version with a dot; the v2 of an API names no text
      | /web/[0-9]{8,14}[a-z_]*/                            # a copy in a web archive
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def fixed_address(source: str) -> bool:
    """Return whether an address names a commit, a version or an archived copy, so that what it shows cannot change."""
    return _FIXED.match(source) is not None
