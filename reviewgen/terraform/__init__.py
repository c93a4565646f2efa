"""Files to a ``Tree``: modules, addresses, references, provider schemas and the static validator."""
