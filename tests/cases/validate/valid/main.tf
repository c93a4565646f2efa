terraform {
  required_version = ">= 1.4, < 2.0"
}

variable "name" {
  type        = string
  description = "Name of everything."
  default     = "orders"

  validation {
    condition     = length(var.name) > 2
    error_message = "The name has at least three characters."
  }
}

locals {
  labels = { name = var.name }
}

resource "terraform_data" "first" {
  input = local.labels

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [input]
    replace_triggered_by  = [terraform_data.second.id]
  }

  provisioner "local-exec" {
    command = "true"
    when    = create
  }
}

resource "terraform_data" "second" {
  for_each   = toset(["a", "b"])
  input      = each.key
  depends_on = [module.child]
}

module "child" {
  source = "./child"
  name   = var.name
}

moved {
  from = terraform_data.zero
  to   = terraform_data.first
}

check "name" {
  assert {
    condition     = module.child.name != ""
    error_message = "There is a name."
  }
}

output "name" {
  value     = module.child.name
  sensitive = false
}
