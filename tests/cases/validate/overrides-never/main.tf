locals {
  a = 1
  b = upper(local.a)
}
locals { e = 1 }
moved {
  from = terraform_data.a
  to   = terraform_data.b
}
resource "terraform_data" "b" {
  input = local.a
}
