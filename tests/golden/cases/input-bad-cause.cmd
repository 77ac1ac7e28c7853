cat >x.jsonl <<'EOF'
{"type":"loss","cause":"gremlins","count":1}
EOF
tcplife-report --input jsonl x.jsonl 
