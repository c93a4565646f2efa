output "f" {
  value = toset(var.m
