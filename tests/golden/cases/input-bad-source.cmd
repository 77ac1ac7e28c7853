cat >x.jsonl <<'EOF'
{"type":"source","source":3}
EOF
tcplife-report --input jsonl x.jsonl 
