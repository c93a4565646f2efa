terraform {
  required_providers {
    aws = {
      source = "example.com/acme/aws"
      version = "1.0"
    }
    amazon = {
      source = "hashicorp/aws"
    }
  }
}
