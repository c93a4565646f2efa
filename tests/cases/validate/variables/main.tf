variable "a1" {
  type = foo
}
variable "a2" {
  type = "string"
}
variable "a3" {
  type = "list"
}
variable "a4" {
  type = "map"
}
variable "a5" {
  type = list
}
variable "a6" {
  type = map
}
variable "a7" {
  type = set
}
variable "a8" {
  type = list(foo)
}
variable "a9" {
  type = list(string, string)
}
variable "a10" {
  type = object
}
variable "a11" {
  type = object({ a = string, b = optional(number, "x"), c = optional(string) })
}
variable "a12" {
  type = tuple
}
variable "a13" {
  type = tuple([string, foo])
}
variable "a14" {
  type = var.x
}
variable "a15" {
  type = map(any)
}
variable "a16" {
  type = "foo"
}
variable "a17" {
  type = "list(string)"
}
variable "a18" {
  type = object(string)
}
variable "a19" {
  type = any()
}
variable "a20" {
  type = string()
}
variable "a21" {
  type = optional(string)
}
variable "a22" {
  type = object({ a = optional(string, 1, 2) })
}
variable "a23" {
  type = list(optional(string))
}
variable "a24" {
  type = "any"
}
variable "a25" {
  type = 5
}
variable "a26" {
  type = tuple(string)
}
variable "a27" {
  type = object({ (x) = string })
}
variable "a28" {
  type = object({ "a b" = string })
}
variable "a29" {
  type = foo(string)
}
variable "a30" {
  type = object({ a = optional() })
}
variable "a31" {
  type = "number"
}
variable "a32" {
  type = null
}
variable "a33" {
  type = list(any)
}
variable "a34" {
  type = string.x
}
variable "b1" {
  type    = string
  default = ["a"]
}
variable "b2" {
  type    = number
  default = "x"
}
variable "b3" {
  type    = bool
  default = "yes"
}
variable "b4" {
  type    = list(string)
  default = "a"
}
variable "b5" {
  type    = list(number)
  default = ["a"]
}
variable "b6" {
  type    = map(string)
  default = ["a"]
}
variable "b7" {
  type    = object({ a = string })
  default = {}
}
variable "b8" {
  type    = object({ a = string })
  default = { a = [] }
}
variable "b9" {
  type    = tuple([string])
  default = []
}
variable "b10" {
  type    = set(string)
  default = { a = 1 }
}
variable "b11" {
  type    = string
  default = null
}
variable "b12" {
  type     = string
  default  = null
  nullable = false
}
variable "b13" {
  type    = string
  default = var.a1
}
variable "b14" {
  default = local.x
}
variable "b15" {
  default = upper("a")
}
variable "b16" {
  default = "${var.a1}-x"
}
variable "b17" {
  default = [for x in [1] : x]
}
variable "b18" {
  default = [var.a1, local.y]
}
variable "b19" {
  type = map(object({ a = string, b = optional(number) }))
  default = {
    x = { b = 1 }
  }
}
variable "b20" {
  type    = number
  default = "12"
}
variable "b21" {
  type    = map(number)
  default = { a = 1, b = "x" }
}
variable "b22" {
  type    = list(map(string))
  default = { a = "b" }
}
variable "b23" {
  type    = list(string)
  default = ["a", 1, true]
}
variable "b24" {
  type    = bool
  default = 1
}
variable "b25" {
  default = 1 + 1
}
variable "b26" {
  default = true ? 1 : "x"
}
variable "b27" {
  default = foo("x")
}
variable "b28" {
  default = aws_vpc.main.id
}
variable "b29" {
  default = path.module
}
variable "b30" {
  default = timestamp()
}
variable "b31" {
  default = foo
}
variable "b32" {
  default = <<-E
    a ${var.x}
  E
}
variable "b33" {
  default = {
    a = var.b31
  }
}
variable "b34" {
  type    = map(any)
  default = { a = 1, b = [] }
}
variable "b35" {
  type    = list(any)
  default = [1, []]
}
variable "b36" {
  type    = set(object({ a = list(string) }))
  default = [{ a = "x" }]
}
variable "b37" {
  type    = object({ a = object({ b = number }) })
  default = { a = { b = "q" } }
}
variable "b38" {
  type    = tuple([string, number])
  default = ["a", "b"]
}
variable "b39" {
  type    = any
  default = null
}
