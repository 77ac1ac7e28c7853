tcplife-report fixtures/sample.tlz --flows --compare - </dev/null
