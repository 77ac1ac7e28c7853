# What is in force is of this kernel and this build; tests/confine tells the rest.
tcplife-report --version | sed 's/^\(confinement:\) ..*/\1 .../'
