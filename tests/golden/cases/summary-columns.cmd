tcplife-report --summary --columns section,end,sessions,share fixtures/sample.tlz
