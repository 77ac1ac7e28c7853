# What is cut apart and merged again has the same rows.
tcplife-report -q fixtures/good-states.tlz -L 443 --write a.tlz
tcplife-report -q fixtures/good-states.tlz -L 5432 --write b.tlz
tcplife-report a.tlz b.tlz fixtures/sample.tlz --write c.tlz 2>&1 | sed "s/, [0-9]* bytes.*//"
tcplife-report -q c.tlz --states --columns time_us,socket,laddr,new_state
tcplife-report -q c.tlz --states --jsonl --top 3
