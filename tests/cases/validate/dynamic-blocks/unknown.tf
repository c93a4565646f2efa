resource "aws_security_group" "g" {
  dynamic "ingress" {
    for_each = var.x
    content {
      from_port = var.nope
      to_port   = 1
      protocol  = "tcp"
    }
  }
}
