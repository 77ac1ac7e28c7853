printf '%s\n' '{"close_us":1,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":443}' >>x.jsonl
printf '%s\n' '{"close_us":1777626000000000,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":443}' >>x.jsonl
printf '%s\n' '{"close_us":1777626060000000,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":443}' >>x.jsonl
printf '%s\n' '{"close_us":9223372036854775807,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":443}' >>x.jsonl
tcplife-report --input jsonl --timeline 1s --columns from_us,ended,tx_bytes,lost x.jsonl | sed 5,60d
tcplife-report --input jsonl --timeline 36525d --csv --columns from_us,to_us,ended x.jsonl | sed "4,\$d"
