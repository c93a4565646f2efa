# Terraform asks of each entry whether it is a whole object, and whether it is declared only as long as nothing in the list is wrong: of the rest
# it would say more once that is mended.
resource "terraform_data" "z" {}
resource "terraform_data" "a" {
  depends_on = [terraform_data.x, terraform_data.y]
}
resource "terraform_data" "b" {
  depends_on = [terraform_data.x.id, terraform_data.y]
}
resource "terraform_data" "c" {
  depends_on = [terraform_data.x, terraform_data.z.id, terraform_data.y.id]
}
resource "terraform_data" "d" {
  depends_on = [terraform_data.z.id, terraform_data.x]
}
output "o" {
  value      = 1
  depends_on = [terraform_data.z, terraform_data.x, terraform_data.y]
}
output "p" {
  value      = var.gone
  depends_on = [terraform_data.x]
}
