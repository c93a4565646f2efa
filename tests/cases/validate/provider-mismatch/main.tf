terraform {
  required_providers {
    amazon = {
      source = "hashicorp/aws"
    }
  }
}
provider "aws" {
  region = "eu-west-1"
}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
module "m" {
  source = "./m"
  providers = {
    aws = amazon
    my  = aws
  }
}
