# The older SDK stops at an argument when a combination is wrong, and looks at nothing of which any part is unknown.
variable "name" {
  type = string
}

locals {
  ttl = 60
}

resource "aws_cloudwatch_metric_alarm" "set" {
  alarm_name          = "set"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_query {
    id     = "m1"
    label  = var.name
    period = 7
  }
}

resource "aws_cloudwatch_metric_alarm" "known" {
  alarm_name          = "known"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_query {
    id     = "m1"
    period = 7
  }
}

resource "aws_route53_record" "stopped" {
  zone_id = var.name
  name    = "app"
  type    = "A"
  ttl     = local.ttl
  alias {
    name                   = "a"
    zone_id                = "b"
    evaluate_target_health = true
  }
}

resource "aws_route53_record" "alias_unknown" {
  zone_id = var.name
  name    = "app"
  type    = "A"
  ttl     = local.ttl
  alias {
    name                   = var.name
    zone_id                = "b"
    evaluate_target_health = true
  }
}

resource "aws_s3_bucket" "deprecated" {
  bucket = "deprecated"
  acl    = "private"
  versioning {
    enabled = true
  }
}

resource "aws_s3_bucket" "unknown" {
  bucket = "unknown"
  acl    = var.name
  logging {
    target_bucket = var.name
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "prefix" {
  bucket = "logs"
  rule {
    id     = "known"
    status = "Enabled"
    prefix = "logs/"
    expiration {
      days = 1
    }
  }
  rule {
    id     = "unknown"
    status = "Enabled"
    prefix = var.name
    expiration {
      days = 1
    }
  }
}

resource "aws_eip" "old" {
  vpc = true
}
