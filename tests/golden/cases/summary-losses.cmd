tcplife-report --summary --tz Europe/Berlin fixtures/good-losses.tlz
