module "k" {
  source = "./k"
  providers = {
    aws   = aws
    aws.x = aws.q
  }
}
