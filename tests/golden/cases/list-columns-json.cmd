tcplife-report --list-columns --json
