# The first row is not the earliest: seconds below zero.
tcplife-report fixtures/sample.tlz -t --sort ms --top 5
