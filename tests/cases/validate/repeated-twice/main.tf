resource "terraform_data" "both" {
  count    = 2
  for_each = toset(["a", "b"])

  input            = "${each.value}-${count.index}"
  triggers_replace = each.key
}
