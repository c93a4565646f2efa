"""Identity, keys and secrets: RG1."""
