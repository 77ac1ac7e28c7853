tcplife-report fixtures/sample.tlz --flows=raddr/33
