variable "a" {
  description = 1
  sensitive   = "yes"
  nullable    = null
  ephemeral   = 2
  foo         = 1
  defualt     = 1
  count       = 1
  depends_on  = []
}
variable "b" {
  description = var.a
  sensitive   = var.a
  nullable    = var.a
  ephemeral   = local.x
}
variable "c" {
  validation {}
}
variable "d" {
  validation {
    condition = true
  }
}
variable "e" {
  validation {
    condition     = true
    error_message = "x"
  }
}
variable "f" {
  validation {
    condition     = var.a != ""
    error_message = "no period"
  }
}
variable "g" {
  validation {
    condition     = var.g != ""
    error_message = "no period"
    foo           = 1
    bar {}
  }
  validation "x" {
    condition     = var.g != ""
    error_message = "no period"
  }
  validations {}
  lifecycle {}
  foo {}
}
variable "h" {
  validation {
    condition     = var.h
    error_message = var.h
  }
}
variable "i" {
  validation {
    condition     = length(local.x) > 0
    error_message = ""
  }
}
variable "j" {
  validation {
    condition     = can(regex("x", var.j))
    error_message = 1
  }
}
variable "k" {
  validation {
    condition     = var.k == ""
    error_message = "lower case. and ${var.k}"
  }
}
variable "l" {
  description = null
  sensitive   = null
  type        = string
  description = "x"
}
variable "m" {
  description = ["a"]
  sensitive = []
}
variable "n" {
  description = "a${"b"}"
  sensitive = "true"
  nullable = "false"
}
variable "o" {
  description = <<-E
    x
  E
  sensitive = 1 == 1
}
locals {
  x = []
}
variable "p" {
  validation {
    condition     = path.module != ""
    error_message = "A."
  }
}
