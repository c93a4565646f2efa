variable "x" {}
resource "terraform_data" "r" { input = var.x }
output "y" { value = terraform_data.r.id }
