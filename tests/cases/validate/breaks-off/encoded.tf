terraform {
  required_version = ">= 1.0"
}
resource "terraform_data" "e" {
  triggers_replace = "b"
  count = 1
  
  input = jsonencode({
    version = "1"
    list = [
### Answer 
---
