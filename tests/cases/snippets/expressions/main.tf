variable "s" { type = string }
variable "m" { type = map(string) }
variable "any" {}
variable "o" { type = object({ a = string, l = list(number) }) }
variable "p" {
  type = string
  sensitive = true
}
locals {
  z = [1, { a = true }]
  n = 5
  f = 1.50
  big = 12345678901234567890
  e = {}
  o1 = { a = 1 }
  o2 = { a = 1, b = 2 }
  t = true
  u = null
  s = "a\n\"b\""
  l1 = ["x"]
  l0 = []
  x1 = local.l1 + local.n + local.f + local.big
  x2 = "${local.z}${var.m}"
  x3 = local.l1 + 1
  x4 = upper(local.o1)
  x5 = upper(local.o2, local.t, local.u, local.s)
  x6 = -local.l0
  x7 = var.o.a.b
  x8 = var.o.l[0].x
  x9 = local.z[local.n]
  y1 = { (local.l1) = 1 }
  y2 = [for x in local.n : x]
  y3 = { for x in local.l1 : local.z => x }
  y4 = [for x in local.l1 : x if local.e]
  y5 = local.n ? 1 : 2
  y6 = local.t ? { a = 1 } : [local.n]
  y7 = upper(local.l1...)
  y8 = max(local.n...)
  y9 = upper([var.any, var.p, var.s])
  z1 = nofun(local.n, var.s)
  z2 = local.o2.c
  z3 = local.o2["c"]
  z4 = file("x${local.n}/${local.s}")
  z5 = !local.l0
  z6 = local.u + 1
  z7 = local.u.foo
  z8 = [for k, v in var.m : v.x]
  z9 = var.m[*].x
  a1 = { a = local.n, (local.u) = 1 }
  a3 = upper(path.module, terraform.workspace)
  a4 = [for x in [local.o1] : upper(x.a, local.n)]
  a5 = tolist(local.n)
}
resource "terraform_data" "x" {
  count = local.l1
}
resource "terraform_data" "y" {
  for_each = var.p
  input    = upper([each.key])
}
