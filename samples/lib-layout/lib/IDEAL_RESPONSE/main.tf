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

data "aws_iam_policy_document" "bounces" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.bounces.arn]

    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.bounces.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "bounces" {
  queue_url = aws_sqs_queue.bounces.id
  policy    = data.aws_iam_policy_document.bounces.json
}
