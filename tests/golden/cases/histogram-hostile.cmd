tcplife-report --histogram comm fixtures/good-hostile.tlz
