resource "1x" "a" {}
resource "terraform_data" "a b" {}
resource "terraform_data" "1" {}
resource "terraform_data" "a.b" {}
data "terraform_remote_state" "a/b" {}
data "a b" "x" {}
ephemeral "a b" "c d" {}
variable "a b" {}
variable "source" {}
variable "version" {}
variable "providers" {}
variable "count" {}
variable "for_each" {}
variable "lifecycle" {}
variable "depends_on" {}
variable "locals" {}
variable "provider" {}
variable "1" {}
output "a b" {
  value = 1
}
output "a.b" {
  value = 1
}
module "a b" {
  source = "./m"
}
module "1" {
  source = "./m"
}
provider "AWS" {}
provider "a_b" {}
provider "a b" {}
provider "1" {}
provider "a--b" {}
provider "a.b" {}
provider "aws" {
  alias = "a b"
}
provider "aws" {
  alias = "1"
}
provider "aws" {
  alias = ""
}
provider "aws" {
  alias = var.x
}
provider "aws" {
  alias = dr
}
provider "aws" {
  alias = null
}
provider "aws" {
  alias = 1
}
provider "aws" {
  alias = "${"x"}"
}
check "a b" {
  assert {
    condition     = true
    error_message = "x"
  }
}
resource "terraform_data" "" {}
variable "" {}
variable "ä" {}
