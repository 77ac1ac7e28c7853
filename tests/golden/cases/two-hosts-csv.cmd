tcplife-report fixtures/good-two-hosts.tlz --csv
