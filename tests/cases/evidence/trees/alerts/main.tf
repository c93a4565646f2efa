provider "aws" {
  region = "us-east-1"
}

resource "aws_sns_topic" "alerts" {
  name = "own-alerts"
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/own/app"
  retention_in_days = 30
}
