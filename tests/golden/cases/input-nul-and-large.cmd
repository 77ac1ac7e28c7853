cat >x.jsonl <<'EOT'
{"close_us":1777626000000001,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2,"cookie":18446744073709551615,"mark":{"u64":"\u00005"}}
EOT
tcplife-report --input jsonl x.jsonl
