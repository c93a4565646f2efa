terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {}
provider "aws" {
  alias = "q"
}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
