terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
  backend "s3" {}
}
variable "a" {
  type    = number
  default = 1
}
output "o" {
  value = 1
}
resource "terraform_data" "x" {
  input = 1
}
locals {
  a = 1
}
module "m" {
  source = "./m"
}
