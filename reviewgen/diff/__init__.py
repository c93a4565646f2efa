"""Two trees to a ``Diff``: pair declarations by address, then by rename, and compare their bodies by meaning."""
