terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      version               = ">= 5.0"
      configuration_aliases = [aws.x]
    }
  }
}
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "used"
  region = "eu-west-1"
}
resource "aws_vpc" "a" {
  provider   = aws.nope
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "b" {
  provider   = aws.used
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "c" {
  provider   = aws.x
  cidr_block = "10.0.0.0/16"
}
data "aws_region" "d" {
  provider = aws.nope
}
module "m" {
  source = "./m"
  providers = {
    aws      = aws.nope
    aws.east = aws.used
    aws.gone = aws.used
    foo      = aws
    foo.x    = aws
  }
}
module "n" {
  source = "./m"
}
module "o" {
  source = "./o"
  count  = 2
}
module "p" {
  source     = "./o"
  depends_on = [module.n]
}
module "q" {
  source = "./o"
  providers = {
    aws = aws.used
  }
}
module "r" {
  source = "./r"
  providers = {
    aws.z = aws.used
  }
}
output "x" {
  value = aws_vpc.zzz.id
}
