%{ if x == "y" }a%{ else }b
