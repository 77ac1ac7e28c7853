tcplife-report --list-columns --csv
