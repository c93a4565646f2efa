variable "m" { type = map(string) }
variable "s" { type = string }
locals {
  unknown     = templatefile("none.tpl", var.m)
  absent      = templatefile("none.tpl", { x = var.s })
  folder      = templatefile("folder", { x = "y" })
  no_map      = templatefile("good.tpl", 5)
  null_map    = templatefile("good.tpl", null)
  bad_name    = templatefile("good.tpl", { "a b" = 1 })
  shell       = templatefile("${path.module}/shell.tpl", { VAR = var.s })
  open_brace  = templatefile("open.tpl", { x = "y" })
  no_endif    = templatefile("if.tpl", { x = "y" })
  no_endfor   = templatefile("for.tpl", { x = "y" })
  endif       = templatefile("endif.tpl", { x = "y" })
  crossed     = templatefile("crossed.tpl", { x = "y" })
  extra       = templatefile("extra.tpl", { x = "y" })
  lacking     = templatefile("lacking.tpl", { x = "y", y = var.s })
  list        = templatefile("text.tpl", { x = ["y"] })
  whole_list  = templatefile("whole.tpl", { x = ["y"] })
  of_a_list   = templatefile("whole.tpl", { x = ["y"] })[1]
  nested      = templatefile("nested.tpl", { x = "y" })
  call        = templatefile("call.tpl", { x = [] })
  no_function = templatefile("function.tpl", { x = "y" })
  attribute   = templatefile("attribute.tpl", { x = 1 })
  of_a_text   = templatefile("text.tpl", { x = "y" }).z
  read_folder = file("folder")
  read_here   = file("")
  sum_folder  = filesha256("folder")
  exists      = fileexists("folder")
}
locals {
  o            = { t = "$${x}" }
  t            = "$${x}"
  broken       = "$${x"
  default      = "$${x:-y}"
  directive    = "%%{if x}a"
  upper        = "$${upper(x)}"
  n            = 5
  string_1     = templatestring(local.t, {})
  string_2     = templatestring("a", {})
  string_3     = templatestring("${local.t}", {})
  string_4     = templatestring("a${local.t}b", {})
  string_5     = templatestring(local.broken, {})
  string_6     = templatestring(local.t, 1)
  string_7     = templatestring(upper("x"), {})
  string_8     = templatestring(local.o.t, {})
  string_9     = templatestring((local.t), {})
  string_10    = templatestring(var.s, 1)
  string_11    = templatestring(local.t, null)
  string_12    = templatestring(local.t, { "a b" = 1 })
  string_13    = templatestring(local.default, { x = 1 })
  string_14    = templatestring(local.directive, { x = 1 })
  string_15    = templatestring(1, { x = 1 })
  string_16    = templatestring(local.n, { x = 1 })
  string_17    = templatestring([1][0], { x = 1 })
  string_18    = templatestring(local.upper, { x = ["y"] })
  string_19    = templatestring(local.o, {})
  scoped       = templatefile("scoped.tpl", { region = "x" })
}
