resource "terraform_data" "a" {
  inputs = 1
  input {
    x = 1
  }
  triggers_replace = upper([])
}
resource "terraform_data" "b" {
  input = { a = 1 }
}
resource "terraform_datum" "c" {}
data "terraform_remote_state" "s" {
  backend = "s3"
  config = 5
  workspace = []
  defaultz = 1
}
data "terraform_remote_state" "t" {}
data "terraform_data" "t" {}
resource "terraform_remote_state" "u" {}
output "x" { value = terraform_data.b.outputs }
output "y" { value = terraform_data.b.output.b }
output "z" { value = data.terraform_remote_state.s.outputs.x }
output "z2" { value = data.terraform_remote_state.s.output.x }
