resource "terraform_data" "x" {
  input = 1
}

data "terraform_remote_state" "x" {
  backend = "s3"
}

module "m" {
  source = "./m"
}

check "c" {
  assert {
    condition     = var.region != ""
    error_message = "There is a region."
  }
}

output "o" {
  value = local.b
}

provider "aws" {
  alias = "dr"
}

moved {
  from = terraform_data.a
  to   = terraform_data.b
}

moved {
  from = terraform_data.a
  to   = terraform_data.c
}
