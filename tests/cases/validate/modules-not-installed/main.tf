module "a" {
  source = "./a"
}
module "b" {
  source = "./nope"
}
module "c" {
  source = "terraform-aws-modules/vpc/aws"
}
module "d" {
  source = "git::https://example.com/x.git"
}
output "x" {
  value = module.a.nope
}
