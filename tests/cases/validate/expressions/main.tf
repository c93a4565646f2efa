variable "s" { type = string }
variable "n" { type = number }
variable "b" { type = bool }
variable "l" { type = list(string) }
variable "m" { type = map(string) }
variable "lo" { type = list(object({ a = string })) }
variable "so" { type = set(object({ a = string })) }
variable "o" { type = object({ a = string, b = optional(number) }) }
variable "x" {}
variable "t" { type = tuple([string, number]) }
locals {
  a1 = var.b ? [] : {}
  a2 = var.b ? "a" : []
  a3 = var.b ? 1 : true
  a4 = var.b ? { a = 1 } : { b = [] }
  a5 = var.b ? [{ A = [1, 2, 3], B = "x" }] : [{ A = [1], B = "x", C = "y" }]
  a6 = var.b ? var.l : var.m
  a7 = var.b ? var.l : null
  a8 = var.b ? var.l : []
  a9 = var.b ? var.l : [1]
  b0 = var.b ? var.l : [{}]
  b1 = var.b ? var.m : {}
  b2 = var.b ? var.m : { a = [] }
  b3 = var.b ? { a = 1, b = "x" } : {}
  b4 = var.b ? [1, "a"] : []
  b5 = var.b ? [1, {}] : []
  b6 = var.b ? { a = { b = 1 } } : { a = { c = [] } }
  b7 = var.l ? 1 : 2
  b8 = "x" ? 1 : 2
  b9 = null ? 1 : 2
  c0 = var.s + 1
  c1 = var.l + 1
  c2 = "a" + 1
  c3 = !var.l
  c4 = -"a"
  c5 = "a" && true
  c6 = 1 / 0
  c7 = null + 1
  c8 = "${var.l}"
  c9 = "a ${null} ${var.o}"
  d0 = "a ${[]}"
  d1 = var.s.x
  d2 = var.l.x
  d3 = var.lo.a
  d4 = var.lo.z
  d5 = var.so.a
  d6 = var.o.z
  d7 = var.m.z
  d8 = var.t.a
  d9 = var.t[5]
  e0 = var.l["a"]
  e1 = var.l[0].x
  e2 = var.o["z"]
  e3 = var.so[0]
  e4 = var.s[0]
  e5 = var.m[[]]
  e6 = [1, 2][2]
  e7 = [][0]
  e8 = { a = 1 }["b"]
  e9 = { a = 1 }.b
  f0 = [1][-1]
  f1 = [1][0.5]
  f2 = var.lo[*].z
  f3 = var.lo.*.z
  f4 = var.o[*].z
  f5 = [for x in var.s : x]
  f6 = [for x in 5 : x]
  f7 = [for x in null : x]
  f8 = [for k, v in { a = 1 } : v.x]
  f9 = { for k in ["a"] : k => k.z }
  g0 = [for x in var.lo : x.z]
  g1 = { (null) = 1 }
  g2 = { ([]) = 1 }
  g3 = local.lm["nope"]
  g4 = local.lm[var.s]
  g5 = local.lm[terraform.workspace]
  g6 = local.lm.a.q
  g7 = local.nul.x
  g8 = local.nul[0]
  g9 = [1, 2]["a"]
  h0 = true ? local.lm.zz : 1
  h1 = false ? local.lm.zz : 1
  h2 = var.b ? local.lm.zz : 1
  h3 = var.b ? file("nope") : ""
  h4 = [for x in ["a"] : x if x.y]
  h5 = [for x in ["a"] : x if 5]
  h6 = { for x in ["a", "a"] : x => x }
  h7 = { for x in [null] : x => x }
  h8 = var.x.y.z[0]
  h9 = [for x in var.x : x.y]
  i0 = "a" == 1
  i1 = "a" < 1
  i4 = local.lm.a["p"]
  i5 = (local.lm).zz
  i6 = upper("x").y
  i7 = split(",", "x").y
  i8 = split(",", "x")[3]
  i9 = merge(local.lm, { q = 1 }).zz
  j0 = path.module.x
  j1 = terraform.workspace.x
  lm = { a = { p = 1 } }
  nul = null
}
