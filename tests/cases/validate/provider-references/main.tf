resource "terraform_data" "a" {
  provider = (terraform)
}
resource "terraform_data" "b" {
  provider = "${terraform}"
}
resource "terraform_data" "c" {
  provider = true
}
resource "terraform_data" "d" {
  provider = -1
}
resource "terraform_data" "e" {
  provider = ""
}
resource "terraform_data" "g" {
  provider = aws[0]
}
resource "terraform_data" "h" {
  provider = aws.*.x
}
resource "terraform_data" "i" {
  provider = aws.a_b
}
resource "terraform_data" "j" {
  provider = "aws.a.b"
}
resource "terraform_data" "k" {
  provider = aws_x
}
resource "terraform_data" "l" {
  depends_on = [(terraform_data.a)]
  lifecycle {
    ignore_changes = [(input)]
  }
}
resource "terraform_data" "m" {
  provider = "1"
}
module "m" {
  source = "./m"
  providers = {
    aws = (aws)
    b   = "${aws}"
    "c" = aws.x
    d.e = { a = 1 }
    f   = aws["x"].y
    a_b = aws
    "x y" = aws,
    (aws.x) = aws
    "${aws.y}" = aws
    "a.${aws.y}" = aws
  }
}
import {
  to = terraform_data.a
  id = "x"
  provider = (aws)
}
import {
  to = terraform_data.b
  id = "x"
  provider = aws["x"].y
}
resource "terraform_data" "n" {
  provisioner "local-exec" {
    command = "x"
    _ {}
    _ {}
  }
  provisioner "habitat" {
    when = foo
    lifecycle {}
  }
  lifecycle {
    ignore_changes = [1, null, input.*.x, true, "input.x.1"]
  }
}
ephemeral "terraform_x" "x" {
  _ {}
  _ {}
}
data "terraform_remote_state" "x" {
  _ {}
  _ {}
}
