"""Names, limits and texts, and what Terraform itself refuses: RG6, and what comments say: RG9."""
