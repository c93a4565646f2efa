terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  alias  = "north"
  region = "eu-north-1"
}

locals {
  by_region = { north = "aws.north" }
}

resource "aws_sqs_queue" "orders" {
  provider = local.by_region["north"]
  name     = "orders"
}

data "aws_region" "here" {
  provider = local.by_region.north.first
}
