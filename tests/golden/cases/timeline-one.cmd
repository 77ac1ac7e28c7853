printf '%s\n' '{"close_us":1777626000999999,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":443,"end":"still-open"}' >>x.jsonl
tcplife-report --input jsonl --timeline 1us --json x.jsonl | head -n 3
