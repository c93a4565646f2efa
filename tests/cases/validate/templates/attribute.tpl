x
y ${x.foo}