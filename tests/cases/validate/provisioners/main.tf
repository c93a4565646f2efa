resource "terraform_data" "a" {
  connection {
    foo = 1
    bar {}
  }
}
resource "terraform_data" "b" {
  provisioner "local-exec" {
    comand = "x"
    bar {}
  }
}
resource "terraform_data" "e" {
  provisioner "local-exec" {
    command     = "x"
    environment = "y"
    interpreter = { a = 1 }
  }
}
resource "terraform_data" "f" {
  provisioner "remote-exec" {
    inline = ["x"]
    connection {
      host = "x"
      type = 1
      port = "a"
      agent = "yes"
    }
  }
}
resource "terraform_data" "g" {
  provisioner "remote-exec" {
    inline = ["x"]
    script = "y"
  }
}
resource "terraform_data" "h" {
  provisioner "remote-exec" {
  }
}
resource "terraform_data" "i" {
  provisioner "file" {
    destination = "x"
    source = "y"
    content = "z"
  }
}
