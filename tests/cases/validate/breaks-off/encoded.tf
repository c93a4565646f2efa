resource "terraform_data" "e" {
  input = jsonencode({
    list = [
### Answer
---
