resource "aws_vpc" "one" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "many" {
  count      = 2
  vpc_id     = aws_vpc.one.id
  cidr_block = cidrsubnet(aws_vpc.one.cidr_block, 8, count.index)
}
resource "aws_subnet" "each" {
  for_each   = toset(["a"])
  vpc_id     = aws_vpc.one.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_s3_bucket" "b" {
  bucket = "some-bucket-name"
  lifecycle {
    ignore_changes = [tags["x"], arn, versioning, "acl", id]
  }
}
resource "aws_instance" "i" {
  ami           = "ami-12345678"
  instance_type = "t3.micro"
}
resource "aws_lb" "l" {
  name    = "l"
  subnets = ["subnet-1", "subnet-2"]
}
resource "aws_security_group" "s" {
  ingress {
    from_port = 1
    to_port   = 2
    protocol  = "tcp"
  }
}
resource "aws_autoscaling_group" "g" {
  min_size             = 1
  availability_zones   = ["a"]
  launch_configuration = "x"
  max_size             = 1
  tag {
    key                 = "a"
    value               = "b"
    propagate_at_launch = true
  }
}
data "aws_ami" "a" {
  most_recent = true
  owners      = ["amazon"]
}
resource "aws_acm_certificate" "c" {
  domain_name       = "example.org"
  validation_method = "DNS"
  provisioner "local-exec" {
    command = "echo ${self.arn}"
  }
}
locals {
  a1 = aws_vpc.one.idd
  a2 = aws_vpc.one.zzz.y
  a3 = aws_vpc.one.id.x
  a4 = aws_vpc.one[0].id
  a5 = aws_vpc.one["a"]
  a6 = aws_subnet.many.id
  a7 = aws_subnet.each.id
  a8 = aws_subnet.many[0].idd
  a9 = aws_subnet.each["a"].idd
  b0 = aws_subnet.many[*].idd
  b1 = aws_subnet.many.*.idd
  b2 = aws_vpc.one.count
  b3 = aws_vpc.one.tags.Name
  b4 = aws_vpc.one.tags["Name"]["x"]
  b5 = aws_s3_bucket.b.website_endpoint
  b6 = aws_instance.i.root_block_device.volume_id
  b7 = aws_instance.i.root_block_device[0].volume_idd
  b8 = aws_instance.i.ebs_block_device[0].volume_id
  b9 = aws_instance.i.security_groups[0]
  c0 = aws_instance.i.vpc_security_group_ids.x
  c1 = aws_lb.l.access_logs.0.bucket
  c2 = aws_security_group.s.ingress[0].from_port
  c3 = aws_autoscaling_group.g.tag[0].key
  c4 = data.aws_ami.a.image_idd
  c5 = data.aws_ami.a.block_device_mappings[0].ebs
  c6 = data.aws_ami.a.block_device_mappings.ebs
  c7 = aws_acm_certificate.c.domain_validation_options[0].resource_record_name
  c8 = aws_acm_certificate.c.domain_validation_options.resource_record_name
  c9 = tolist(aws_acm_certificate.c.domain_validation_options)[0].resource_record_nam
  d0 = [for x in aws_subnet.many : x.nope]
  d1 = try(aws_vpc.one.nope, "x")
  d2 = aws_subnet.many
  d3 = aws_subnet.many.0.id
  d4 = aws_vpc.one.0.id
  d5 = aws_instance.i["ami"]
  d6 = aws_vpc.one.timeouts
  d7 = aws_s3_bucket.b.versioning[0].enabled
  d8 = aws_s3_bucket.b.versioning.enabled
  d9 = aws_s3_bucket.b.timeouts.create
  e0 = aws_s3_bucket.b.timeouts.creat
  e1 = aws_instance.i.tags_all.x.y
  e2 = aws_instance.i.ebs_optimized.x
  e3 = aws_vpc.one.cidr_block[0]
}
