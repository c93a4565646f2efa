variable "s" { type = string }
variable "l" { type = list(string) }
variable "m" { type = map(string) }
variable "o" { type = object({ a = string, b = optional(number) }) }
variable "n" { type = number }
variable "x" {}
locals {
  f8 = file("nope.txt")
  f9 = file("${path.module}/nope.txt")
  g0 = filemd5("${path.module}/nope.txt")
  g1 = templatefile("t/a.tpl", {})
  g2 = templatefile("t/a.tpl", { x = var.x })
  g3 = templatefile("t/a.tpl", var.x)
  g4 = filebase64("../nope.txt")
  g5 = filesha256("../nope.txt")
  g6 = filesha256("/etc/nope/x.txt")
  g8 = try(file("nope"), "x")
  g9 = can(file("nope"))
  h0 = templatefile("t/a.tpl", "x")
  l = { a = 1 }
}
