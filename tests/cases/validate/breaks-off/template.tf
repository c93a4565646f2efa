output "c" {
  value = "${