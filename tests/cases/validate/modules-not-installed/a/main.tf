module "q" { 
  source = "./gone" 
}
