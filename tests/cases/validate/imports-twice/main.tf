variable "x" {}

import {
  to = terraform_data.a
  id = "x"
}
import {
  to = terraform_data.a
  id = "y"
}
import {
  for_each = {}
  to       = terraform_data.a
  id       = "z"
}
import {
  to = terraform_data.b[0]
  id = "y"
}
import {
  to = terraform_data.b[0]
  id = "y"
}
import {
  to = terraform_data.b["x"]
  id = "y"
}
import {
  to = terraform_data.b[var.x]
  id = "y"
}
import {
  to = terraform_data.b[var.x]
  id = "y"
}

resource "terraform_data" "a" {}

resource "terraform_data" "b" {
  count = 1
}
