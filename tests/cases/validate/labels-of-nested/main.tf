terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}
resource "aws_dms_endpoint" "a" {
  endpoint_id   = "abc"
  endpoint_type = "source"
  engine_name   = "s3"
  s3_settings "x" {
    foo = 1
  }
}
resource "aws_alb_listener" "b" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/b"
  default_action "x" {
    type = "nope"
  }
}
resource "aws_cloudtrail_event_data_store" "c" {
  name = "abc"
  advanced_event_selector "a" "b" {
    foo {}
  }
}
