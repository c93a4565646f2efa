"""Types of Terraform: whether a constant fits one, and which one several values have in common."""
