%{ for a, b in {} }%{ if a }%{ endfor }
