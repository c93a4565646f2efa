resource "terraform_data" "a" {
  provisioner "nope" {}
}
resource "terraform_data" "b" {
  provisioner "nope" {}
  provisioner "salt" {}
}
