# Checks of values: alternatives are wrong only together, other checks speak each for itself.
variable "topic" {
  type = string
}

resource "aws_cloudwatch_metric_alarm" "alternatives" {
  for_each            = toset(["a", "b"])
  alarm_name          = each.key
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  period              = 45
  statistic           = "Average"
  threshold           = 1
  treat_missing_data  = "notbreaching"
}

resource "aws_cloudwatch_metric_alarm" "right" {
  alarm_name          = "right"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  period              = 300
  statistic           = "Average"
  threshold           = 1
  alarm_actions       = [var.topic]
}

resource "aws_secretsmanager_secret" "days" {
  name                    = "days and nights"
  recovery_window_in_days = 3
}

resource "aws_secretsmanager_secret" "at_once" {
  name                    = "at-once"
  recovery_window_in_days = 0
  policy                  = ""
}

resource "aws_route53_record" "kinds" {
  zone_id = "Z1"
  name    = "a"
  type    = "ALIAS"
  ttl     = 60
  records = ["192.0.2.1"]
}

resource "aws_security_group" "reserved" {
  name = "sg-web"
}

resource "aws_db_instance" "names" {
  identifier              = "1-Orders"
  instance_class          = "db.t3.micro"
  backup_retention_period = 36
  maintenance_window      = "sun:3:00-sun:4:00"
  username                = "orders"
}

resource "aws_lb_target_group" "both" {
  name       = "a_name_that_is_longer_than_thirty_two"
  slow_start = 12
  port       = 80
  health_check {
    port = "traffic-port"
    path = "health"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "framework" {
  bucket = "logs"
  rule {
    id     = "expire"
    status = "enabled"
    filter {}
    expiration {
      days = 0
    }
  }
}

resource "aws_network_acl_rule" "word" {
  network_acl_id = "acl-1"
  rule_number    = 1
  protocol       = "tcp"
  rule_action    = "permit"
  cidr_block     = "10.0.0.1/8"
}
