tcplife-report --timeline 1s --csv fixtures/good-two-hosts.tlz
