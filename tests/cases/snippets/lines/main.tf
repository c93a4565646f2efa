variable "l" { type = list(string) }
locals {
  a = (
    [] +
    1
  )
  b = [
    for x in
    5 : x
  ]
  c = true ? (
    1
    ) : (
    []
  )
  d = "a ${[
    1
  ]}"
  e = merge({
    a = upper(
      [])
  }, {
    b = var.l.x
    c = {
      (null) = 1
    }
  })
  f = <<EOT
a
${var.l}
b
EOT
  g = {
    for x in [1] : [] => x
    if
    "x"
  }
  h = [] ? (
    1) : 2
  i = max(
    ["x"]...
  )
  j = nofun(
    1
  )
  k = upper(
    "a",
    "b"
  )
  l = -(
    []
  )
  m = upper(
  )
  n = { for x in ["a",
    "a"] : x => x }
}
