variable "s" { type = string }
variable "l" { type = list(string) }
locals {
  a = try(upper([]), upper({}))
  b = try(upper([]))
  c = try(null.a, null)
  d = try(var.s.foo, upper([]))
  e = try()
  f = can()
  g = can(upper([]))
  h = try(upper([]), 1) + "x"
  i = try(var.l[0], upper([]))
  j = max(["a"]...)
  k = max([]...)
  l = upper([]...)
  m = upper(["a", "b"]...)
  n = join(",", ["a"]...)
  o = concat(null...)
  p = concat([["a"], "x"]...)
  q = max(var.l...)
  r = regex("(a)(b)", var.s)[2]
  t = null.x
}
