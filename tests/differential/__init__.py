"""The static validator against the real Terraform, on mutated own samples; ``python -m tests.differential`` runs many more cases."""
