variable "a" { type = string; default = "" }

data "aws_iam_policy_document" "a" {
  statement {
    sid     = "One"
    actions = ["s3:GetObject"]
    principals { type = "Service"; identifiers = ["config.amazonaws.com"] }
  }
  statement {
    sid     = "Two"
    actions = ["s3:PutObject"]
  }
}
