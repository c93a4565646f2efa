locals = {
  a = 1
  b { }
}
output "x" {
  value = 1
}
