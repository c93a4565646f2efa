resource "aws_vpc" "a" {
  provider   = aws.z
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "b" {
  provider   = aws.y
  cidr_block = "10.0.0.0/16"
}
