# Equal values keep their order.
tcplife-report fixtures/good-figures.tlz --sort connect_pid --columns connect_pid,rport --csv
