# No FILE is needed, and what comes behind does not count, as with --help.
tcplife-report --schema nothing.tlz | sed -n 1,8p
tcplife-report --schema=json | tail -n 1
