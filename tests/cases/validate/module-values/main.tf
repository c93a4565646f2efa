module "a" {
  source = "./m"
  n      = "x"
  b      = "yes"
  l      = "a"
  o      = { a = 1 }
  v      = "x"
  nn     = null
}
