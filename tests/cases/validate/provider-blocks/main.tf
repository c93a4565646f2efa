provider "aws" {
  alias  = "x"
}
provider "aws" {
  alias   = "y"
  version = "~> 4"
  version = "5"
}
provider "aws" {
  alias   = "z"
  version = ["1"]
}
provider "aws" {
  alias   = "w"
  version = null
}
provider "aws" {
  alias   = upper("x")
}
provider "aws" {
  alias   = ["v"]
}
provider "aws" {
  alias   = "${local.x}"
  for_each = var.x
}
provider "" {}
provider "-a" {}
provider "terraform" {}
provider "null" {}
