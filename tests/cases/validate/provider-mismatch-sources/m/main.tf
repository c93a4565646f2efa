terraform {
  required_providers {
    aws = {
      source = "acme/aws"
    }
  }
}
