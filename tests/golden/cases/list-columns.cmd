tcplife-report --list-columns
