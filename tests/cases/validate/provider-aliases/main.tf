resource "terraform_data" "a" {
  provider = terraform.x
}
check "x" {
  data "aws_region" "x" {
    provider = aws.nope
  }
  assert {
    condition     = data.aws_region.x.name != ""
    error_message = "x"
  }
}
provider "aws" {
  alias  = "b"
  region = "eu-west-1"
}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
}
module "m" {
  source = "./m"
  providers = {
    aws = aws.b
  }
}
module "n" {
  source = "./m"
}
