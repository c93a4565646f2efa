provider "aws" {
  region = aws_ssm_parameter.region.value
}

resource "aws_ssm_parameter" "region" {
  name  = "region"
  type  = "String"
  value = "eu-west-1"
}
