variable "l" { type = list(list(string)) }
variable "i" { type = number }
locals {
  a = upper([[]][0])
  b = upper({a=[]}.a)
  c = upper(tolist([[]])[0])
  d = upper(var.l[var.i])
  e = upper([[]][var.i])
  f = upper(var.l[0])
  g = upper(var.l[*])
  h = upper([var.l][*])
  i = upper((var.l)[0])
  j = upper((var.l))
  k = [[]][0] ? 1 : 2
  l = upper(true ? [] : [])
  m = upper([[]][0] == 1 ? [] : [])
  n = upper([[[]]][0].0)
}
