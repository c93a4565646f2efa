"""The static validator against the real Terraform, on mutants of the own samples."""
