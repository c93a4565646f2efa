terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}
locals {
  a = provider::aws::arn_parse("arn:aws:iam::123456789012:root")
  b = provider::time::rfc3339_parse("x")
  c = core::nothing("x")
  d = other::thing("x")
  e = core::upper([])
}
output "f" { value = provider::aws::arn_parsed("x") }
