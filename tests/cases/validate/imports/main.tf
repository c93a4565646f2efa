resource "terraform_data" "a" {
  count = 2
}
import {
  to = terraform_data.nope
  id = "x"
}
import {
  to = terraform_data.a
  id = "x"
}
import {
  to = module.m.terraform_data.x
  id = "x"
}
import {
  to = module.n.terraform_data.x
  id = var.x
}
module "m" {
  source = "./m"
}
