terraform {
  required_version = ">= 1.4"

  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }

  backend "local" {}
}

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }

  backend "local" {}
}

variable "region" {}

variable "region" {
  default = "eu-west-1"
}

locals {
  a = 1
}

locals {
  a = 2
  b = 3
}

provider "aws" {}

provider "aws" {
  region = var.region
}

provider "aws" {
  alias = "dr"
}

resource "terraform_data" "x" {}

data "terraform_remote_state" "x" {
  backend = "local"
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
  value = local.a
}
