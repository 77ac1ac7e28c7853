tcplife-report fixtures/sample.tlz -Ttw --top 12
