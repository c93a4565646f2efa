module "k" {
  source = "./k"
  providers = {
    aws = aws
  }
}
