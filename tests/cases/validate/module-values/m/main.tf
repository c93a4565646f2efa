variable "n" {
  type = number
}
variable "b" {
  type = bool
}
variable "l" {
  type = list(string)
}
variable "o" {
  type = object({ a = string, b = number })
}
variable "v" {
  type = string
  validation {
    condition     = length(var.v) > 0
    error_message = "Not empty."
  }
}
variable "nn" {
  nullable = false
}
