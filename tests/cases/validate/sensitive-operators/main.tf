variable "n" {
  type      = number
  sensitive = true
}

variable "b" {
  type      = bool
  sensitive = true
}

variable "open" {
  type = bool
}

output "sum" {
  value = var.n + 1
}

output "rest" {
  value = var.n % 2
}

output "order" {
  value = var.n > 1
}

output "equal" {
  value = var.b == var.open
}

output "negative" {
  value = -var.n
}

output "not" {
  value = !var.b
}

output "and" {
  value = var.b && true
}

output "or" {
  value = var.open || var.b
}

output "grouped" {
  value = (var.b && var.open) || !var.b
}
