variable "s" { type = string }
variable "x" {}
resource "aws_security_group" "a" {
  dynamic "ingress" {
    for_each = var.s
    content {
      from_port = ingress.value.x
      to_port   = 1
      protocol  = "tcp"
    }
  }
}
resource "aws_security_group" "b" {
  dynamic "ingress" {
    for_each = null
    content {
      from_port = ingress.value.x
      to_port   = 1
      protocol  = "tcp"
    }
  }
}
resource "aws_security_group" "c" {
  dynamic "ingress" {
    for_each = [{ a = 1 }]
    content {
      from_port = ingress.value.x
      to_port   = ingress.key.x
      protocol  = ingress.foo
    }
  }
}
resource "aws_security_group" "d" {
  dynamic "ingress" {
    for_each = 5
    content {
      from_port = 1
      to_port   = 1
      protocol  = "tcp"
    }
  }
}
resource "aws_security_group" "e" {
  dynamic "ingress" {
    for_each = var.x
    iterator = it
    content {
      from_port = it.value.x
      to_port   = ingress.value.x
      protocol  = "tcp"
    }
  }
}
