module "a1" {}
module "a2" {
  source = var.x
}
module "a3" {
  source = "./${var.x}"
}
module "a4" {
  source  = "./m"
  version = "1.0"
}
module "a5" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "nope"
}
module "a6" {
  source  = "terraform-aws-modules/vpc/aws"
  version = var.x
}
module "a7" {
  source   = "./m"
  count    = 1
  for_each = {}
}
module "a8" {
  source = "./m"
  providers = {
    aws     = aws.x
    aws.y   = aws.y
    "aws.z" = "aws.z"
    aws     = aws,
    (aws.q) = aws.q
    a.b.c   = aws
    z       = "a b"
    w       = aws["x"]
  }
}
module "a9" {
  source    = "./m"
  providers = aws
}
module "a10" {
  source    = "./m"
  providers = [aws]
}
module "a11" {
  source     = "./m"
  depends_on = "x"
  lifecycle {}
  locals {}
  foo {}
}
module "a12" {
  source = "m"
}
module "a13" {
  source = ""
}
module "a14" {
  source = 1
}
module "a15" {
  source = null
}
module "a16" {
  source = "/abs/path"
}
module "a17" {
  source = "git::https://example.com/x.git"
}
module "a18" {
  source = "github.com/a/b"
  version = "1.0"
}
module "a19" {
  source = "a/b/c/d/e"
}
module "a20" {
  source = "../outside"
}
module "a21" {
  source = ["./m"]
}
module "a22" {
  source = "${path.module}/m"
}
module "a23" {
  source = "a/b/c"
  version = 1
}
module "a24" {
  source = "a/b/c"
  version = null
}
module "a25" {
  source = "a b/c/d"
}
module "a26" {
  source = "./m"
  _ {}
  _ {}
}
module "a27" {
  source = "m/"
  lifecycles {}
}
module "a28" {
  source = join("/", [".", "m"])
}
module "a29" {
  source = ".\\m"
}
module "a30" {
  source = "./m//x"
  providers = {}
}
