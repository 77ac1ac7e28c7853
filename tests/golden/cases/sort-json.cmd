tcplife-report fixtures/sample.tlz --sort ms --top 2 --columns ms --json
