output "d" {
  value = AWS::
}
