terraform {
  required_version = var.x
}
terraform {
  required_version = "nope"
}
terraform {
  required_version = "~> 1.0.0.x"
}
terraform {
  required_version = 1.5
}
terraform {
  required_version = ["1"]
}
terraform {
  required_version = null
}
terraform {
  required_version = ">= 1.0, < 0.5"
}
terraform {
  required_version = "${"1.0"}"
}
terraform {
  required_version = local.x
}
terraform {
  experiments = [nope]
}
terraform {
  experiments = ["variable_validation"]
}
terraform {
  experiments = [module_variable_optional_attrs]
}
terraform {
  experiments = foo
}
terraform {
  experiments = []
}
terraform {
  language = TF2021
}
terraform {
  language = "x"
}
terraform {
  provider_meta "aws" {}
}
terraform {
  provider_meta "aws" {}
}
terraform {
  backend "nope" {
    foo = var.x
  }
}
terraform {
  cloud {
    organization = var.x
    foo {}
  }
}
terraform {
  cloud {}
}
