variable "s" { type = string }
variable "l" { type = list(string) }
variable "m" { type = map(string) }
variable "ss" { type = set(string) }
variable "sn" { type = set(number) }
variable "x" {}
resource "terraform_data" "a1" { for_each = ["a"] }
resource "terraform_data" "a2" { for_each = var.l }
resource "terraform_data" "a3" { for_each = toset(var.l) }
resource "terraform_data" "a4" { for_each = "a" }
resource "terraform_data" "a5" { for_each = 1 }
resource "terraform_data" "a6" { for_each = null }
resource "terraform_data" "a7" { for_each = toset([1, 2]) }
resource "terraform_data" "a8" { for_each = toset([{}]) }
resource "terraform_data" "a9" { for_each = var.sn }
resource "terraform_data" "b0" { for_each = var.x }
resource "terraform_data" "b1" { for_each = { a = 1 } }
resource "terraform_data" "b2" { for_each = toset([null]) }
resource "terraform_data" "b3" { for_each = toset([terraform_data.b1["a"].id]) }
resource "terraform_data" "c1" { count = "a" }
resource "terraform_data" "c2" { count = var.l }
resource "terraform_data" "c3" { count = -1 }
resource "terraform_data" "c4" { count = 1.5 }
resource "terraform_data" "c5" { count = null }
resource "terraform_data" "c6" { count = true }
resource "terraform_data" "c8" { count = "2" }
resource "terraform_data" "c9" { count = [] }
module "m1" {
  source   = "./m"
  for_each = ["a"]
}
module "m2" {
  source = "./m"
  count  = "a"
}
module "m3" {
  source   = "./m"
  for_each = var.l
}
