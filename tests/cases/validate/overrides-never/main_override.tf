locals {
  a  = "x"
  c  = 2
  d2 = 1
}
moved {
  from = terraform_data.x
  to   = terraform_data.y
}
removed {
  from = terraform_data.q
}
import {
  to = terraform_data.b
  id = "x"
}
check "c" {
  assert {
    condition     = local.a
    error_message = "x"
  }
}
