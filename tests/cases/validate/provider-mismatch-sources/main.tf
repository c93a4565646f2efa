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
module "m" {
  source = "./m"
  providers = {
    aws = aws.a
  }
}
module "k" {
  source = "./k"
  providers = {
    aws = aws.a
  }
}
resource "aws_vpc" "b_default" {
  cidr_block = "10.0.0.0/16"
}
