terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}
resource "aws_sqs_queue" "q0" {
  redrive_policy = "text"
}
resource "aws_sqs_queue" "q1" {
  redrive_policy = ""
}
resource "aws_sqs_queue" "q2" {
  redrive_policy = "nul"
}
resource "aws_sqs_queue" "q3" {
  redrive_policy = "{"
}
resource "aws_sqs_queue" "q4" {
  redrive_policy = "{a:1}"
}
resource "aws_sqs_queue" "q5" {
  redrive_policy = "{\"a\" 1}"
}
resource "aws_sqs_queue" "q6" {
  redrive_policy = "{\"a\":1,}"
}
resource "aws_sqs_queue" "q7" {
  redrive_policy = "{\"a\":1 \"b\":2}"
}
resource "aws_sqs_queue" "q8" {
  redrive_policy = "[1 2]"
}
resource "aws_sqs_queue" "q9" {
  redrive_policy = "[1,]"
}
resource "aws_sqs_queue" "q10" {
  redrive_policy = "{}x"
}
resource "aws_sqs_queue" "q11" {
  redrive_policy = "01"
}
resource "aws_sqs_queue" "q12" {
  redrive_policy = "1."
}
resource "aws_sqs_queue" "q13" {
  redrive_policy = "\"abc"
}
resource "aws_sqs_queue" "q14" {
  redrive_policy = "{\"a\":tru}"
}
resource "aws_sqs_queue" "q15" {
  redrive_policy = "[1,2"
}
resource "aws_sqs_queue" "q16" {
  redrive_policy = "{\"a\":é}"
}
resource "aws_sqs_queue" "q17" {
  redrive_policy = "{'a':1}"
}
resource "aws_sqs_queue" "q18" {
  redrive_policy = "{\"a\":\"x\ty\"}"
}
resource "aws_sqs_queue" "q19" {
  redrive_policy = "{\"a\":\"\\q\"}"
}
resource "aws_sqs_queue" "q20" {
  redrive_policy = "NaN"
}
resource "aws_sqs_queue" "q21" {
  redrive_policy = "{\"a\":1}"
}
