"""Networks and edges: RG4."""
