"""What Terraform says of a tree, as findings with a meaning (``diagnosed.toml``).

``findings`` makes them, with ``owners`` (whose they are), ``unparsed`` (what cannot be read) and ``wording``.
"""

from .findings import findings, lacks_what_is_made, rule_of
from .unparsed import BREAKS_OFF
from .wording import plain, words

__all__ = ["BREAKS_OFF", "findings", "lacks_what_is_made", "plain", "rule_of", "words"]
