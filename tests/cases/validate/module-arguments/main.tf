module "a" {
  source = "./m"
  nope   = 1
  need   = 2
  nam    = "x"
}
