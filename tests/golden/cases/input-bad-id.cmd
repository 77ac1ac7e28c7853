cat >x.jsonl <<'EOF'
{"type":"capture","capture_id":"xyz"}
EOF
tcplife-report --input jsonl x.jsonl 
