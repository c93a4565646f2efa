module "a" {
  source = "./e"
}
