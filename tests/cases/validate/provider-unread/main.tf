resource "aws_vpc" "a" {
  provider   = aws.dr
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "b" {
  provider   = aws.nope
  cidr_block = "10.1.0.0/16"
}
