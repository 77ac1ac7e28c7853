tcplife-report --states --list-columns
