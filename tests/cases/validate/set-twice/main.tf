resource "terraform_data" "a" {
  input = 1
  input = 2

  lifecycle {
    create_before_destroy = true
    create_before_destroy = true
  }

  foo {
    bar {
      a = 1
      b = 2
      a = 3
    }
  }
}

locals {
  a = 1
  b = { x = 1, x = 2 }
  a = 2
}

terraform {
  required_version = ">= 1.0"
  required_version = ">= 1.1"
}
