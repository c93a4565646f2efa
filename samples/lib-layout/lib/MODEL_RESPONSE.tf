terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

variable "region" {
  description = "Region of the topic and the queue"
  type        = string
  default     = "eu-west-1"
}

provider "aws" {
  region = var.region
}

resource "aws_sns_topic" "bounces" {
  name = "newsletter-bounces"
}

resource "aws_sqs_queue" "bounces" {
  name                      = "newsletter-bounces"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sns_topic_subscription" "bounces" {
  topic_arn = aws_sns_topic.bounces.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.bounces.arn
}
