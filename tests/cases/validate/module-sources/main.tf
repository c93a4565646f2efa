module "m1" {
  source = "modules/vpc"
}
module "m2" {
  source = "vpc"
}
module "m3" {
  source = "a/b"
}
module "m4" {
  source = "./a/../a"
}
module "m5" {
  source = "../../x"
}
module "m6" {
  source = "a//b"
}
module "m7" {
  source = "a/b/c"
}
module "m8" {
  source = "a/b/c//d"
}
module "m9" {
  source = "example.com/a/b/c"
}
module "m10" {
  source = "app.terraform.io/a/b/c"
}
module "m11" {
  source = "github.com/a"
}
module "m12" {
  source = "github.com/a/b"
}
module "m13" {
  source = "gitlab.com/a/b"
}
module "m14" {
  source = "bitbucket.org/a/b"
}
module "m15" {
  source = "https://x.com/a.zip"
}
module "m16" {
  source = "s3::https://x/y"
}
module "m17" {
  source = "git@github.com:a/b.git"
}
module "m18" {
  source = "/abs/x"
}
module "m19" {
  source = "C:/x"
}
module "m20" {
  source = "/srv/x"
}
module "m21" {
  source = "file:///x"
}
module "m22" {
  source = "."
}
module "m23" {
  source = ".."
}
module "m24" {
  source = "./"
}
module "m25" {
  source = "terraform-aws-modules/vpc/aws//modules/x"
}
module "m26" {
  source = "a/b/c?ref=1"
}
module "m27" {
  source = "A_b/c/d"
}
module "m28" {
  source = "a/b/C-d"
}
module "m29" {
  source = "modules/my vpc"
}
module "m30" {
  source = "hashicorp.com/x/y"
}
module "m31" {
  source = "localhost/a/b/c"
}
module "m32" {
  source = "a.b/c/d"
}
module "m33" {
  source = "a/b/c/d"
}
module "m34" {
  source = "a/b/c/d/e"
}
module "m35" {
  source = "./a?x"
}
module "m36" {
  source = "./nope/"
}
module "m37" {
  source = "${a}"
}
module "m38" {
  source = "git::ssh://git@x/y"
}
module "m39" {
  source = "hg::http://x"
}
module "m40" {
  source = "github.com/hashicorp/example?ref=v1"
}
module "m42" {
  source = "./modules\\vpc"
}
module "m43" {
  source = "tfr:///a/b/c"
}
module "m44" {
  source = "gcs::https://x"
}
module "m45" {
  source = "a/b/c "
}
module "m46" {
  source = " ./a"
}
module "m47" {
  source = "./a "
}
module "m48" {
  source = "a-/b/c"
}
module "m49" {
  source = "a/b/1"
}
