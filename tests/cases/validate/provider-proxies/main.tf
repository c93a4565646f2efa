terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  alias  = "a"
  region = "eu-west-1"
}
provider "aws" {
  region = "eu-west-1"
}
module "m" {
  source = "./m"
  providers = {
    aws   = aws.a
    aws.x = aws.a
  }
}
module "n" {
  source = "./n"
}
module "o" {
  source   = "./o"
  for_each = toset(["a"])
}
