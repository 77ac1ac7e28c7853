tcplife-report - </dev/null
