variable "region" {
  type = string
}

Names of the queues # one for each stage
resource "terraform_data" "queue" {
  input = var.region
}
