tcplife-report --summary --top 100 fixtures/good-hostile.tlz
