a
${x
b