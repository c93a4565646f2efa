output "b" {
  value = "name-${AWS::StackName}-x"
}
