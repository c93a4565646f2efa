variable "s" { type = string }
variable "m" { type = map(string) }
locals {
  a = upper([])
  b = regex("(", "x")
  c = regex("b", "a")
  d = {
    x = format("%d",
      "x")
    y = upper(
      var.m
    )
  }
  e = cidrsubnet("${local.f}/16", 20, 1)
  f = "10.0.0.0"
  g = [for x in ["a","b"] : upper([x])]
  h = core::upper({})
  i = upper("a", "b")
  j = length(1)
  k = var.s.foo + "x"
  l = format("%d %s", var.s, local.z)
  z = [1, {a=true}]
  y = local.z[5]
  w = nonsens(local.z)
  v = local.z + 1
  u = file("x${local.f}")
}
output "x" { value = "${local.z} ${var.m}" }
