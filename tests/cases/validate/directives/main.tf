locals {
  a = "x %{ if true }y"
  b = "%{ endif }"
  c = <<EOT
%{ for x in [] }
EOT
  d = "%{ if true }%{ endfor }"
  e = "%{ if true }a%{ else }b%{ endif }"
}
