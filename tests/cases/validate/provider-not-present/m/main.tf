resource "aws_vpc" "b" {
  provider   = aws.nope2
  for_each = {}
  cidr_block = "10.0.0.0/16"
}
