cat >x.jsonl <<'EOF'
[1,2]
EOF
tcplife-report --input jsonl x.jsonl 
