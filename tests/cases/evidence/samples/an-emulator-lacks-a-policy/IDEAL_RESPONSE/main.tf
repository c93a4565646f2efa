provider "aws" {
  region = "us-east-1"
}

resource "aws_iam_role" "config" {
  name = "own-config-recorder"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "config.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "config" {
  role       = aws_iam_role.config.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"
}

resource "aws_sns_topic" "more" {
  name = "more"
}

resource "aws_sns_topic_subscription" "more" {
  topic_arn = aws_sns_topic.more.arn
  protocol  = "sqs"
  endpoint  = "arn:aws:sqs:eu-west-1:123456789012:more"
}
