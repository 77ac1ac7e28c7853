cat >x.jsonl <<'EOF'
{"close_us":1,}
EOF
tcplife-report --input jsonl x.jsonl 
