%{ endif }
