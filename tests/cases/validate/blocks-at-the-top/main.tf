required_providers {
  aws = {}
}
resource "terraform_data" "a" {
  connection {
    foo = 1
    bar {}
  }
  provisioner "local-exec" {
  }
  provisioner "local-exec" {
    command = "x"
    foo     = 1
    bar {}
  }
  provisioner "file" {}
  provisioner "remote-exec" {
    inline = "x"
  }
  provisioner "nope" {}
  lifecycle {
    replace_triggered_by = [each.key]
  }
  foo = 1
  bar {}
}
resource "terraform_data" "b" {
  lifecycle {
    replace_triggered_by = [local.x]
  }
}
