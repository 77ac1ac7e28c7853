# In every view and format, with the other words and with itself.
set -- --filter 'comm == nginx and lport == 443' --filter 'ms < 1000'
tcplife-report fixtures/sample.tlz "$@"
tcplife-report fixtures/sample.tlz "$@" --csv -L 443
tcplife-report fixtures/sample.tlz "$@" --flows
tcplife-report fixtures/sample.tlz "$@" --flows --json | head -n 3
tcplife-report fixtures/sample.tlz "$@" --style libbpf --sort ms --top 1
tcplife-report fixtures/sample.tlz "$@" --jsonl --columns lport,end,ms
tcplife-report fixtures/sample.tlz "$@" -L 22
tcplife-report fixtures/sample.tlz fixtures/good-two-hosts.tlz --filter 'raddr in 198.51.100.0/24' --csv | wc -l
tcplife-report fixtures/sample.tlz "$@" -q --write part.tlz
tcplife-report part.tlz
tcplife-report part.tlz --info --columns provenance
tcplife-report fixtures/sample.jsonl --input jsonl "$@" --csv
