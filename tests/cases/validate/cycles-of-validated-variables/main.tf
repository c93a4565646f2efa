module "a" {
  source = "./m"
  size   = module.b.y
}
module "b" {
  source = "./m"
  size   = module.a.y
  label  = module.a.y
}
