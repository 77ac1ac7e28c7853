cat >x.jsonl <<'EOF'
{"close_us":1,"laddr":"::ffff:192.0.2.1","lport":1,"raddr":"192.0.2.2","rport":2}
EOF
tcplife-report --input jsonl x.jsonl --columns laddr,raddr,family --jsonl
