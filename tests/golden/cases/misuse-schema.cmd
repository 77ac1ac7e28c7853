tcplife-report --schema=xml
