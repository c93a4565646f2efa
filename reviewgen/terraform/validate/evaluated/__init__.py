"""What Terraform evaluates in a module: each expression with the names that its place offers, and what is wrong with references and values."""
