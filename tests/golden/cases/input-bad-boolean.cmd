cat >x.jsonl <<'EOF'
{"close_us":1777626000000001,"laddr":"192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2,"mptcp":1}
EOF
tcplife-report --input jsonl x.jsonl 
