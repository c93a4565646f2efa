terraform {
  required_providers {
    aws      = { source = "hashicorp/aws", version = ">= 5.0" }
    random   = { source = "hashicorp/random", version = "~> 3.6" }
    archive  = { source = "hashicorp/archive", version = "~> 2.4" }
    tls      = { source = "hashicorp/tls", version = "~> 4.0" }
    null     = { source = "hashicorp/null", version = "~> 3.2" }
    local    = { source = "hashicorp/local", version = "~> 2.5" }
    time     = { source = "hashicorp/time", version = "~> 0.12" }
    http     = { source = "hashicorp/http", version = "~> 3.4" }
    external = { source = "hashicorp/external", version = "~> 2.3" }
    template = { source = "hashicorp/template", version = "~> 2.2" }
  }
}

provider "tls" {
  proxy {
    url = "http://proxy.example:3128"
  }
}

provider "random" {
  alias = "second"
}

ephemeral "random_password" "db" {
  length = 20
}

ephemeral "tls_private_key" "k" {
  algorithm = "ED25519"
}

resource "random_password" "db" {
  provider         = random.second
  length           = 24
  special          = true
  override_special = "!#"
  min_special      = 1
}

resource "random_string" "s" {
  length  = 6
  upper   = false
  numeric = true
  keepers = { a = "b" }
}

resource "random_id" "id" {
  byte_length = 4
  prefix      = "x-"
}

resource "random_pet" "pet" {}
resource "random_uuid" "u" {}
resource "random_bytes" "b" {
  length = 3
}
resource "random_integer" "i" {
  min = 1
  max = 3
}
resource "random_shuffle" "az" {
  input        = ["a", "b"]
  result_count = 1
}

data "archive_file" "zip" {
  type        = "zip"
  output_path = "${path.module}/out.zip"
  excludes    = ["x"]
  source {
    content  = "x"
    filename = "index.py"
  }
  source {
    content  = "y"
    filename = "b.py"
  }
}

resource "tls_private_key" "k" {
  algorithm = "RSA"
  rsa_bits  = 4096
}

resource "tls_self_signed_cert" "c" {
  private_key_pem       = tls_private_key.k.private_key_pem
  validity_period_hours = 12
  allowed_uses          = ["server_auth"]
  dns_names             = ["x.example"]
  subject {
    common_name  = "x.example"
    organization = "X"
  }
}

resource "tls_cert_request" "r" {
  private_key_pem = tls_private_key.k.private_key_pem
}

resource "tls_locally_signed_cert" "l" {
  cert_request_pem      = tls_cert_request.r.cert_request_pem
  ca_private_key_pem    = tls_private_key.k.private_key_pem
  ca_cert_pem           = tls_self_signed_cert.c.cert_pem
  validity_period_hours = 1
  allowed_uses          = []
}

data "tls_certificate" "t" {
  url = "https://oidc.example"
}

data "tls_public_key" "p" {
  private_key_openssh = tls_private_key.k.private_key_openssh
}

resource "null_resource" "n" {
  triggers = { x = random_id.id.hex }
  provisioner "local-exec" {
    command = "true"
  }
}

resource "local_file" "f" {
  filename        = "${path.module}/x"
  content         = tls_private_key.k.public_key_openssh
  file_permission = "0600"
}

resource "local_sensitive_file" "f" {
  filename       = "x"
  content_base64 = "eA=="
}

data "local_file" "d" {
  filename = "main.tf"
}

resource "time_sleep" "w" {
  create_duration = "30s"
  depends_on      = [null_resource.n]
}
resource "time_static" "s" {}
resource "time_rotating" "r" {
  rotation_days = 30
}
resource "time_offset" "o" {
  offset_days  = 7
  base_rfc3339 = time_static.s.rfc3339
}

data "http" "ip" {
  url             = "https://ip.example"
  request_headers = { Accept = "text/plain" }
  method          = "GET"
  retry {
    attempts = 2
  }
}

data "external" "e" {
  program = ["python3", "x.py"]
  query   = { a = "b" }
}

data "template_file" "t" {
  template = "$${x}"
  vars     = { x = 1 }
}

data "template_cloudinit_config" "c" {
  gzip = false
  part {
    content_type = "text/x-shellscript"
    content      = data.template_file.t.rendered
  }
}

output "all" {
  value = [
    random_string.s.result, random_uuid.u.result, random_bytes.b.hex, random_integer.i.result, random_shuffle.az.result[0], random_pet.pet.id,
    data.archive_file.zip.output_base64sha256, data.tls_certificate.t.certificates[0].sha1_fingerprint, data.tls_public_key.p.public_key_pem,
    tls_locally_signed_cert.l.ready_for_renewal, local_file.f.content_md5, data.local_file.d.content, time_static.s.year, time_rotating.r.unix,
    chomp(data.http.ip.response_body), data.http.ip.status_code, data.external.e.result.value, data.template_cloudinit_config.c.rendered,
    null_resource.n.id, time_offset.o.day, random_id.id.b64_url, local_sensitive_file.f.id, time_sleep.w.id,
  ]
}
output "pw" {
  value     = random_password.db.result
  sensitive = true
}
