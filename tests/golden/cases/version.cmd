tcplife-report --version
