locals {
  a = []
  d = "ok"
  e = local.d + 1
}
locals {
  a = {}
}
