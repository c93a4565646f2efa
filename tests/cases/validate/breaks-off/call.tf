output "b" {
  value = max(1,