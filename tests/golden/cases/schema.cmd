# No FILE is needed.
tcplife-report --schema | sed -n 1,8p
tcplife-report --quiet --schema=json | tail -n 1
