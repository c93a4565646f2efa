resource "terraform_data" "zeta" {
  input = terraform_data.alpha.id
}
resource "terraform_data" "alpha" {
  input = terraform_data.mid[0].id
}
resource "terraform_data" "mid" {
  count = 2
  input = local.x
}
locals {
  x = terraform_data.zeta.id
}
resource "terraform_data" "self" {
  input = terraform_data.self.id
}
resource "terraform_data" "d1" {
  depends_on = [terraform_data.d2]
}
data "terraform_remote_state" "d" {
  backend = terraform_data.d1.id
}
resource "terraform_data" "d2" {
  input = data.terraform_remote_state.d.id
}
resource "terraform_data" "s1" {
  lifecycle {
    replace_triggered_by = [terraform_data.s2]
  }
}
resource "terraform_data" "s2" {
  provisioner "local-exec" {
    command = terraform_data.s1.id
  }
}
resource "terraform_data" "t1" {
  lifecycle {
    postcondition {
      condition     = terraform_data.t2.id == ""
      error_message = "x"
    }
  }
}
resource "terraform_data" "t2" {
  input = terraform_data.t1.id
}
