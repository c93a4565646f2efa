variable "s" {
  sensitive = true
}
variable "b" {
  type      = bool
  sensitive = true
}
variable "l" {
  type      = list(string)
  sensitive = true
}
resource "terraform_data" "a" {
  count = var.b ? 1 : 0
}
resource "terraform_data" "b" {
  for_each = toset(var.l)
}
resource "terraform_data" "c" {
  for_each = { for x in var.l : x => x }
}
resource "terraform_data" "d" {
  count = length(var.l)
}
resource "terraform_data" "e" {
  for_each = var.b ? toset(["a"]) : toset([])
}
resource "terraform_data" "f" {
  for_each = { a = var.s }
}
resource "terraform_data" "g" {
  for_each = nonsensitive(toset(var.l))
}
module "m" {
  source   = "./m"
  for_each = toset(var.l)
}
