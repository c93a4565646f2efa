resource "terraform_data" "a" {
  output = 1
}
resource "terraform_data" "b" {
  id = "x"
}
data "terraform_remote_state" "s" {
  backend = "local"
  outputs = {}
}
