terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}
module "m" {
  source = "./m"
}
