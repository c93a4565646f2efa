terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
provider "aws" {
  region = "us-east-1"
}
resource "aws_vpc" "x" {
  cidr_block = "10.0.0.0/16"
}
provider "aws" {
  alias = "zz"
  regio = "x"
  foo {}
  max_retries = "y"
  allowed_account_ids = ["1"]
  region = upper([])
}
provider "aws" {
  alias = "used"
  regio = "x"
}
resource "aws_vpc" "y" {
  provider   = aws.used
  cidr_block = "10.0.0.0/16"
}
