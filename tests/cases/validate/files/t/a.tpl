hello
${x} ${y.z} %{ for i in w }${i}%{ endfor }
