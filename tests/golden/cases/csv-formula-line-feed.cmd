cat >x.jsonl <<'EOT'
{"close_us":1777626000000001,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2,"connect_comm":"\\x0a=1+1"}
EOT
tcplife-report --input jsonl x.jsonl --columns connect_comm --csv
