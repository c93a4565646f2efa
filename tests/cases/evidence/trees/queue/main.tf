provider "aws" {
  region = "us-east-1"
}

resource "aws_sqs_queue" "dead" {
  name = "own-dead-letters"
}

resource "aws_sqs_queue" "jobs" {
  name = "own-jobs"

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = 5
  })
}
