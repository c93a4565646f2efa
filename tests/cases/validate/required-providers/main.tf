terraform {
  required_providers {
    a = "~> 1.0"
    b = "nope"
    c = {
      version = "nope"
    }
    d = {
      source = "nope nope"
    }
    e = {
      source  = var.x
      version = var.x
    }
    f = {
      foo = 1
    }
    g = var.x
    h = 1
    i = ["a"]
    j = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.x, j.x, "j.y", j, j.a.b]
    }
    k = {
      configuration_aliases = "k.x"
    }
    l = {
      version = [">= 1"]
      source  = 1
    }
    n = {
      source = "a/b/c/d"
    }
    o = {
      source = "terraform-providers/aws"
    }
    p = {
      source = "hashicorp/terraform-provider-x"
    }
    A_b = {
      source = "hashicorp/x"
    }
    q = {
      "source" = "hashicorp/q"
      (local.x) = 1
      "${"version"}" = 1
    }
    r = null
    s = ""
    t = {}
    u = ">= 1.0 < 2"
    v = ">=1.0,<2"
    w = ">= 1.0.0.0"
    x = "= 1.0-beta"
    y = "v1.0"
    z = {
      source = "hashicorp/z"
      version = ">= ${"1"}"
    }
    aa = {
       source = ""
    }
    ab = {
       version = ""
       source = "registry.example.com/x/y"
    }
    ac = {
       source = "-/x"
    }
    ad = {
       source = "Hashicorp/AD"
    }
  }
}
terraform {
  required_providers {
    z {
      source = "x"
    }
  }
}
