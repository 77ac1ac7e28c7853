tcplife-report --states fixtures/sample.tlz fixtures/good-states.tlz fixtures/good-empty.tlz > all
head -n 3 all
