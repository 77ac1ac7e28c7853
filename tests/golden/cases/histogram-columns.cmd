tcplife-report --histogram ms --list-columns
tcplife-report --histogram comm --list-columns
