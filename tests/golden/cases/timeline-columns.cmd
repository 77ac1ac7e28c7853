tcplife-report --timeline 1h --list-columns
