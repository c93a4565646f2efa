variable "a" {
  type = map(any)
  default = { a = { x = 1 }, b = { y = 2 } }
}
variable "b" {
  type = map(any)
  default = { a = { x = 1 }, b = { x = "s" } }
}
variable "c" {
  type = list(any)
  default = [{ x = 1, y = [] }, { x = "s", z = {} }]
}
variable "d" {
  type = set(number)
  default = ["a"]
}
variable "e" {
  type = map(any)
  default = { a = { x = 1, y = ["a"] }, b = { x = 2, y = ["a", "b"] } }
}
variable "f" {
  type = map(any)
  default = { a = { x = 1, y = "q" }, b = { x = 2, z = true } }
}
variable "g" {
  type = map(any)
  default = { a = [1, 2], b = ["a"] }
}
variable "h" {
  type = map(any)
  default = { a = [1, 2], b = {} }
}
variable "i" {
  type = map(any)
  default = { a = null, b = {} }
}
variable "j" {
  type = list(any)
  default = [["a"], [{ b = 1 }]]
}
variable "k" {
  type = map(any)
  default = { a = { x = 1, y = ["a"] }, b = { x = 2 } }
}
variable "l" {
  type = map(any)
  default = { a = { x = 1, y = "2" }, b = { x = 2, y = null } }
}
variable "m" {
  type = list(object({ a = number, b = bool }))
  default = [{ a = "x", b = "y" }]
}
variable "n" {
  type = map(list(number))
  default = { b = ["1", "x"], a = ["q"] }
}
variable "o" {
  type = object({ a = string, b = number, c = bool })
  default = { a = [] }
}
variable "p" {
  type = number
  default = true
}
variable "q" {
  type = string
  default = { a = 1 }
}
variable "r" {
  type = list(string)
  default = { a = "b" }
}
variable "s" {
  type = list(object({ a = list(string) }))
  default = [{ a = "x" }]
}
variable "t" {
  type = map(string)
  default = { a = ["x"], b = 1 }
}
variable "u" {
  type = map(string)
  default = { a = { x = "y" } }
}
variable "v" {
  type = list(string)
  default = [["a"]]
}
variable "w" {
  type = tuple([string, list(number)])
  default = ["a", ["b"]]
}
variable "x" {
  type = tuple([string, list(number)])
  default = ["a", "b"]
}
variable "y" {
  type = object({ a = optional(list(number), ["x"]) })
  default = { a = "q" }
}
variable "z" {
  type = map(object({ cidr = string, az = optional(string), tags = optional(map(string), {}) }))
  default = {
    one = { cidr = "10.0.0.0/16", extra = 1 }
    two = { cidr = ["x"], az = 1 }
  }
}
variable "aa" {
  type = list
  default = "x"
}
variable "ab" {
  type = map
  default = []
}
variable "ac" {
  type = bool
  default = "True"
}
variable "ad" {
  type = number
  default = ""
}
variable "ae" {
  type = list(number)
  default = [null]
}
variable "af" {
  type = set(string)
  default = "a"
}
variable "ag" {
  type = string
  default = 1.5
}
variable "ah" {
  type = number
  default = "0x10"
}
variable "ai" {
  type = number
  default = "1e3"
}
variable "aj" {
  type = map(any)
  default = { a = 1, b = "x", c = true }
}
variable "ak" {
  type = map(any)
  default = { a = { x = { y = 1 } }, b = { x = { z = 1 } } }
}
variable "al" {
  type = any
  default = { a = { x = { y = 1 } }, b = 1 }
}
variable "am" {
  type = map(any)
  default = { a = { x = [] }, b = { x = ["a"] } }
}
variable "an" {
  type = map(any)
  default = { a = { x = [{ p = 1 }] }, b = { x = [{ p = 1, q = 2 }] } }
}
variable "ao" {
  type = list(any)
  default = [true, "x", 1]
}
variable "ap" {
  type = list(any)
  default = [true, 1]
}
