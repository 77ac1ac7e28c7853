# Each of them, and how many sessions it lets through.
while read -r expression; do
    echo "$(tcplife-report fixtures/sample.tlz --jsonl --filter "$expression" | wc -l) $expression"
done <<'EOF'
rport == 443 and ms > 1000
comm == nginx or comm == sshd
comm ~ '*nginx*'
comm ~ [np]*
end ~ reset-*
end in (refused, timed-out, unreachable)
direction == in and lport in (22, 443)
raddr in 198.51.100.0/24
raddr in (2001:db8::/32, 192.0.2.40/30)
raddr not in ::/0 and family == 4
has(retrans_segs) and retrans_segs > 0
not has(uid)
uid == 33
uid != 33
not uid == 33
tx_bytes > rx_bytes
tx_bytes >= 10K
min_rtt_us > 20ms
close_us < 2026-05-01T11:00:02+02:00
fin_received && !v6_socket
owner not in (connect, accept)
last_state == FIN_WAIT2 || last_state == SYN_SENT
EOF
