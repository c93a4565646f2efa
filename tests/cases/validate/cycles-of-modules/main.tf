module "a" {
  source = "./m"
  count  = length(terraform_data.z.id)
  x      = 1
}
resource "terraform_data" "z" {
  input = module.a[0].y
}
module "b" {
  source     = "./m"
  x          = 1
  depends_on = [terraform_data.w]
}
resource "terraform_data" "w" {
  depends_on = [module.b]
}
module "c" {
  source = "./m"
  x      = module.c.y
}
module "d" {
  source = "./m"
  x      = terraform_data.v.id
}
resource "terraform_data" "v" {
  input = module.d
}
module "e" {
  source = "./m"
  x      = terraform_data.u.id
}
resource "terraform_data" "u" {
  input = module.e[*].y
}
module "p" {
  source = "./m"
  x      = module.q.y
}
module "q" {
  source = "./m"
  x      = module.p.y
}
