tcplife-report -h | head -1
