variable "x" {}
locals {
  x = 1
}
resource "terraform_data" "a1" {
  count    = 1
  for_each = toset([])
}
resource "terraform_data" "a2" {
  depends_on = ["terraform_data.a1"]
}
resource "terraform_data" "a3" {
  depends_on = [terraform_data.a1, "a b", 1, upper("x"), var.x, "${terraform_data.a1}", terraform_data.a1["x"], terraform_data.a1[var.x]]
}
resource "terraform_data" "a4" {
  depends_on = terraform_data.a1
}
resource "terraform_data" "a5" {
  depends_on = concat([], [])
}
resource "terraform_data" "a6" {
  depends_on = "terraform_data.a1"
}
resource "terraform_data" "b1" {
  lifecycle {
    create_before_destroy = var.x
    prevent_destroy       = local.x
    ignore_changes        = "all"
    foo                   = 1
    bar {}
  }
}
resource "terraform_data" "b2" {
  lifecycle {
    create_before_destroy = "true"
    prevent_destroy       = "yes"
    ignore_changes        = ["input"]
  }
}
resource "terraform_data" "b3" {
  lifecycle {
    ignore_changes = all
  }
  lifecycle {
    ignore_changes = ["*"]
  }
}
resource "terraform_data" "b4" {
  lifecycle {
    ignore_changes = [input, "*"]
  }
}
resource "terraform_data" "b5" {
  lifecycle {
    ignore_changes = [input.a, input["x"], upper("x"), input[var.x], input[0], input[*]]
  }
}
resource "terraform_data" "b6" {
  lifecycle {
    ignore_changes = any
  }
}
resource "terraform_data" "b7" {
  lifecycle {
    ignore_changes = var.x
  }
}
resource "terraform_data" "b8" {
  lifecycle {
    ignore_changes = ["input[0]", "a b"]
    prevent_destroy = null
    create_before_destroy = []
  }
}
resource "terraform_data" "b9" {
  lifecycle {
    replace_triggered_by = [var.x, terraform_data.a1, terraform_data.a1.id, "terraform_data.a1", local.x, data.x.y, terraform_data.a1[count.index], terraform_data.a1[each.key].id, self, module.x.y, upper("x"), terraform_data.a1[var.x]]
  }
}
resource "terraform_data" "b10" {
  lifecycle {
    replace_triggered_by = terraform_data.a1
    precondition {}
    precondition {
      condition     = true
      error_message = "x"
      foo           = 1
    }
    postcondition {
      condition     = self.id
      error_message = "x"
    }
    condition {}
  }
}
resource "terraform_data" "c1" {
  provisioner "local-exec" {
    when       = "destroy"
    on_failure = "fail"
    command    = "x"
  }
  provisioner "local-exec" {
    when       = foo
    on_failure = bar
  }
  provisioner "local-exec" {
    when    = destroy
    command = var.x
  }
  provisioner "local-exec" {
    when    = destroy
    command = self.id
    connection {
      host = var.x
    }
    connection {}
  }
  provisioner "nope" {}
  provisioner "chef" {}
  provisioner "file" {
    source      = "x"
    destination = "y"
  }
  provisioner "local-exec" {
    foo     = 1
    command = "x"
    bar {}
    lifecycle {}
  }
  provisioner "remote-exec" {
    inline = "x"
  }
  provisioner "local-exec" {
    when    = var.x
    command = "x"
    on_failure = continue
  }
  provisioner "local-exec" {
    when    = destroy
    command = "${self.id} ${path.module} ${local.x} ${terraform_data.a1.id}"
    on_failure = "x"
    foo "x" {}
    _ {}
  }
  connection {
    type = "ssh"
    foo  = 1
  }
  connection {
    host = self.x
  }
}
resource "terraform_data" "d1" {
  provider = "terraform"
}
resource "terraform_data" "d2" {
  provider = var.x
}
resource "terraform_data" "d3" {
  provider = terraform.a.b
}
resource "terraform_data" "d4" {
  provider = terraform["a"]
}
resource "terraform_data" "d5" {
  provider = "terraform.x"
}
resource "terraform_data" "d6" {
  provider = upper("x")
}
resource "terraform_data" "d7" {
  provider = 1
}
resource "terraform_data" "d8" {
  provider = null
}
resource "terraform_data" "d9" {
  provider = aws[each.key]
}
resource "terraform_data" "d10" {
  provider = "aws.${each.key}"
}
resource "terraform_data" "d11" {
  provider = var.x ? aws.a : aws.b
}
resource "terraform_data" "d12" {
  provider = "a b.c"
}
resource "terraform_data" "d13" {
  provider = aws["x"].y
}
resource "terraform_data" "d14" {
  provider = aws.east[each.key]
}
resource "terraform_data" "d15" {
  provider = "AWS"
}
resource "terraform_data" "e1" {
  locals {}
  _ {
    input = 1
  }
  _ {}
}
data "terraform_remote_state" "f1" {
  lifecycle {
    create_before_destroy = true
    prevent_destroy       = true
    ignore_changes        = all
    replace_triggered_by  = []
    precondition {
      condition     = true
      error_message = "x"
    }
    foo = 1
  }
  count    = 1
  for_each = {}
  provisioner "local-exec" {}
  connection {}
  provider = terraform["x"]
  depends_on = "x"
  locals {}
}
ephemeral "terraform_x" "g1" {
  lifecycle {
    create_before_destroy = true
    foo = 1
  }
  lifecycle {}
  count = 1
  for_each = {}
  provisioner "local-exec" {}
  connection {}
  locals {}
}
provider "aws" {
  version    = "nope"
  count      = 1
  for_each   = {}
  depends_on = []
  source     = "x"
  lifecycle {}
  locals {}
  _ {}
  _ {}
}
provider "google" {
  version = var.x
}
provider "azurerm" {
  version = "1.0"
}
