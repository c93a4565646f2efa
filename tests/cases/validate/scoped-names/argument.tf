output "c" {
  value = upper(AWS::Region)
}
