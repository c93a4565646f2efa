"""What PROMPT says: its lines and sections as requirements, the phrases, hedges and quantities in their words (``wording.toml``)."""
