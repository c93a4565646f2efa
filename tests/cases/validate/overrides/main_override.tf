terraform {
  backend "local" {}
}
variable "a" {
  default = 2
}
variable "nope" {
  default = 1
}
output "nope" {
  value = 1
}
output "o" {
  sensitive = true
}
resource "terraform_data" "x" {
  input = 2
}
resource "terraform_data" "nope" {
  input = 2
}
data "terraform_remote_state" "nope" {}
locals {
  a = 2
}
module "m" {
  q = 1
}
module "nope" {
  source = "./m"
}
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias = "x"
}
check "nope" {
  assert {
    condition     = var.a != ""
    error_message = "x"
  }
}
moved {
  from = terraform_data.p
  to   = terraform_data.x
}
import {
  to = terraform_data.x
  id = "x"
}
removed {
  from = terraform_data.gone
}
ephemeral "terraform_x" "nope" {}
