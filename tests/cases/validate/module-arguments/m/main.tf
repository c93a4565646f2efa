variable "need" {}
variable "name" {
  default = ""
}
variable "other" {
  type     = string
  nullable = false
}
