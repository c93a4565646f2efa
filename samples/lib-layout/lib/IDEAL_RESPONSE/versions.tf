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
