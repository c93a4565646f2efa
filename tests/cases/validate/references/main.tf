locals {
  a = var.nope
  b = local.nope
  c = aws_vpc.nope.id
  d = data.aws_ami.nope.id
  e = module.nope.x
  f = each.key
  g = count.index
  h = self.id
  i = foo
  j = aws_vpc
  m = path.foo
  n = terraform.foo
  o = each.foo
  p = each.value
  q = count.foo
  r = foo.bar
  s = null_resource.x[0].y.z
  u = resource.foo
  v = resource.terraform_data.main
  x = aws_vpc["x"]
  y = data.terraform_data["x"].y
  z = template.x
}
variable "nap" {}
