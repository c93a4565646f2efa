resource "terraform_data" "x" {}
moved {}
moved {
  from = terraform_data.a
}
moved {
  from = "terraform_data.a"
  to   = terraform_data.b
}
moved {
  from = var.x
  to   = local.y
}
moved {
  from = terraform_data.a
  to   = module.x
}
moved {
  from = terraform_data.a["x"]
  to   = terraform_data.b[var.x]
  foo  = 1
  bar {}
}
moved {
  from = data.x.y
  to   = data.x.z
}
moved {
  from = terraform_data.a
  to   = terraform_data
}
moved {
  from = terraform_data.a
  to   = upper("x")
}
moved {
  from = module.a
  to   = module.b.terraform_data.x
}
import {}
import {
  to = terraform_data.x
}
import {
  id = "x"
}
import {
  to = "terraform_data.x"
  id = "x"
}
import {
  to       = terraform_data.x[0]
  id       = var.x
  foo      = 1
  bar {}
}
import {
  to = terraform_data.x[each.key]
  id = "x"
}
import {
  for_each = {}
  to       = terraform_data.x
  id       = each.key
}
import {
  to = data.x.y
  id = "x"
}
import {
  to = var.x
  id = null
}
import {
  to = module.m.terraform_data.x
  id = ""
}
import {
  to = terraform_data.x[local.x]
  id = 1
}
reresource "terraform_data" "x" {}
moved {}
removed {
  from = terraform_data.old
}
removed {
  from = terraform_data.old[0]
  lifecycle {
    destroy = false
  }
}
removed {
  from = "terraform_data.old"
  lifecycle {
    destroy = "no"
    foo = 1
  }
  foo = 1
}
removed {
  from = data.x.y
  lifecycle {
    destroy = var.x
  }
  lifecycle {}
}
removed {
  from = module.gone
  lifecycle {}
  provisioner "local-exec" {
    command = "x"
  }
}
removed {
  from = module.gone[0].terraform_data.x
  connection {}
  provisioner "local-exec" {
    when = destroy
    command = "x"
  }
  bar {}
}
removed {
  from = terraform_data.gone
  lifecycle {
    destroy = true
  }
  provisioner "local-exec" {
    command = "x"
  }
}
check "a" {}
check "b" {
  assert {}
}
check "c" {
  assert {
    condition     = true
    error_message = "x"
    foo           = 1
  }
  data "terraform_remote_state" "a" {
    backend = "local"
  }
  data "terraform_remote_state" "b" {}
  foo = 1
  bar {}
}
check "d" {
  data "terraform_remote_state" "a" {
    backend = "local"
    count = 1
    for_each = {}
    provider = terraform
    lifecycle {}
    depends_on = []
  }
  assert {
    condition     = terraform_data.x
    error_message = "x"
  }
  data "x" {}
}
