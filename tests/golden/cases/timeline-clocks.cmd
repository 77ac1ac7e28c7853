printf '%s\n' '{"close_us":1792883700000000,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":443}' >>x.jsonl
printf '%s\n' '{"close_us":1792889100000000,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":443}' >>x.jsonl
printf '%s\n' '{"close_us":1792892700000000,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":443}' >>x.jsonl
for step in 1h 1d; do tcplife-report --input jsonl --timeline $step --columns from_us,to_us,ended,ended_per_second --tz Europe/Berlin x.jsonl; done
