variable "x" {}
locals {
  x = 1
}
output "a" {}
output "b" {
  value       = 1
  sensitive   = var.x
  description = var.x
  ephemeral   = 3
  foo         = 1
  bar {}
}
output "c" {
  value      = 1
  depends_on = ["terraform_data.x"]
}
output "d" {
  value      = 1
  depends_on = terraform_data.x
}
output "e" {
  value      = 1
  depends_on = [terraform_data.x, local.y, "a b", 1, upper("x"), terraform_data.x.id, terraform_data.x[0], var.x, module.m, each.key]
}
output "f" {
  value = 1
  precondition {
    condition = true
  }
  precondition {}
  precondition {
    condition     = true
    error_message = "X."
    foo           = 1
  }
  precondition {
    condition     = var.x
    error_message = var.x
  }
  precondition {
    condition     = var.x
    error_message = "ok"
  }
  postcondition {
    condition     = true
    error_message = "X."
  }
}
output "g" {
  values = 1
  value = 2
  value = 3
}
output "h" {
  value = 1
  description = 1
  sensitive = "maybe"
}
output "i" {
  value = 1
  type = string
  count = 1
  precondition "x" {
    condition     = true
    error_message = "X."
  }
}
locals {
  foo {}
  a = 1
}
locals {
  a-b = 1
}
