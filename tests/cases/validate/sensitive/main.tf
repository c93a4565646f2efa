variable "sec" {
  type      = string
  sensitive = true
}
variable "secm" {
  type      = map(string)
  sensitive = true
}
resource "terraform_data" "b4" { for_each = var.secm }
resource "terraform_data" "b5" { for_each = toset([var.sec]) }
resource "terraform_data" "c7" { count = var.sec }
output "o1" { value = var.sec }
output "o2" { value = "x${var.sec}" }
output "o3" { value = { a = var.sec } }
output "o4" {
  value     = var.sec
  sensitive = true
}
output "o5" { value = nonsensitive(var.sec) }
output "o6" { value = sensitive("x") }
output "o7" { value = length(var.secm) }
output "o8" { value = keys(var.secm) }
output "o9" { value = local.q }
output "p0" { value = local.q.b }
output "p1" { value = local.q.a }
output "p2" { value = var.sec == "" ? 1 : 2 }
output "p3" { value = upper(var.sec) }
output "p4" { value = [for k in var.secm : 1] }
output "p5" { value = try(var.sec, "") }
output "p6" { value = jsonencode({ a = var.sec }) }
output "p7" { value = var.secm["x"] }
output "p8" { value = issensitive(var.sec) }
output "p9" { value = can(var.sec) }
output "q1" { value = module.m4.o }
output "q2" { value = coalesce(var.sec, "x") }
output "q3" { value = merge(var.secm, {}) }
output "q4" { value = [var.sec, 1][1] }
output "q5" { value = terraform_data.r.input }
locals { q = { a = var.sec, b = 1 } }
resource "terraform_data" "r" { input = var.sec }
module "m4" {
  source = "./m"
}
