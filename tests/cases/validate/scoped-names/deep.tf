output "e" {
  value = provider::aws::region
}
