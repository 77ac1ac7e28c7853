# When the first was opened is said where it is known of one, and not made up from when it ended.
cat >x.jsonl <<'EOT'
{"close_us":50,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}
{"close_us":200,"open_us":100,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}
{"close_us":60,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.3","rport":2}
EOT
tcplife-report --input jsonl x.jsonl --flows --columns raddr,sessions,first_us,last_us --csv
