cp fixtures/good-losses.tlz copy.tlz
tcplife-report fixtures/good-losses.tlz copy.tlz --flows --columns comm,sessions
tcplife-report -q fixtures/good-losses.tlz fixtures/good-bare.tlz --write merged.tlz
tcplife-report merged.tlz copy.tlz --flows --columns comm,sessions
