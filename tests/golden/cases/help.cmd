tcplife-report --help
