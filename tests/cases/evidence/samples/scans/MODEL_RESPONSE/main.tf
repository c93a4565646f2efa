provider "aws" {
  region = "us-east-1"
}

resource "aws_s3_bucket" "logs" {
  bucket = "own-logs"
}

resource "aws_sns_topic" "alerts" {
  name = "alerts"
}
