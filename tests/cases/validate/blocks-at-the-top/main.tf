required_providers {
  aws = {}
}
resource "terraform_data" "a" {
  lifecycle {
    replace_triggered_by = [each.key]
  }
  foo = 1
  bar {}
}
resource "terraform_data" "b" {
  lifecycle {
    replace_triggered_by = [local.x]
  }
}
