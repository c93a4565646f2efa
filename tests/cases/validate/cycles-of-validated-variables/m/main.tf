variable "size" {
  type = string
  validation {
    condition     = length(var.size) > 2
    error_message = "Too short."
  }
}
variable "label" {
  default = "x"
  validation {
    condition     = var.label != var.size
    error_message = "Must differ."
  }
}
variable "unused" {
  default = "x"
  validation {
    condition     = var.unused != var.size
    error_message = "Must differ."
  }
}
resource "terraform_data" "r" { input = var.size }
output "y" { value = "${terraform_data.r.id}-${var.label}" }
