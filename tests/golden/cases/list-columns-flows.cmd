tcplife-report --list-columns --flows
