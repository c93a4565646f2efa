resource "aws_vpc" "a" {
  provider   = aws.nope
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "z" {
  provider   = aws.nope
  cidr_blok = aws_vpc.undeclared.id
  count = 2
}
data "aws_region" "d" {
  provider = aws.nope
}
module "m" {
  source = "./m"
}
output "x" {
  value = aws_vpc.zzz.id
}
