output "a" {
  value = AWS::Region
}
