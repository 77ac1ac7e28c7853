tcplife-report --schema >/dev/full
