resource {}
resource "terraform_data" {}
resource "terraform_data" "x" "y" {}
resource terraform_data "z" {}
data {}
data "terraform_remote_state" {}
data "terraform_remote_state" "x" "y" {}
ephemeral {}
ephemeral "x" {}
variable {}
variable "a" "b" {}
output {}
output "a" "b" {}
module {}
module "a" "b" {}
provider {}
provider "aws" "dr" {}
locals "x" {}
terraform "x" {}
moved "x" {}
import "x" {}
removed "x" {}
check {}
check "a" "b" {}
resources "a" "b" {}
vars "x" {}
local {}
foo {}
providers {}
modul "x" {}
test {}
run "x" {}
foo = 1
variable = 2
mock_provider "aws" {}
override_resource {}
atlas {}

resource "terraform_data" "inner" {
  lifecycle "x" {}
  provisioner {}
  provisioner "local-exec" "x" {
    command = "true"
  }
  connection "ssh" {}
}

terraform {
  backend {}
  backend "s3" "x" {}
  required_providers "aws" {}
  cloud "x" {}
  provider_meta {}
  foo {}
  bar = 1
  backends "s3" {}
  required_provider {}
  required_verson = "1"
}
