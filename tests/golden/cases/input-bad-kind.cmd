cat >x.jsonl <<'EOF'
{"type":"name","kind":"planet","id":1,"name":"Mars"}
EOF
tcplife-report --input jsonl x.jsonl 
