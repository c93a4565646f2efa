"""What a real Terraform said: runs, logs and reports of other tools."""
