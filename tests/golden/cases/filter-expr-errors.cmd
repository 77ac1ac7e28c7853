# Every way to be wrong. A line is an expression; \n stands for a line feed.
while IFS= read -r line; do
    expression=$(printf '%b.' "$line")
    tcplife-report fixtures/sample.tlz --filter "${expression%.}"
    [ $? -eq 2 ] || echo "not misuse: $line"
done <<'EOF'

   
rprot == 443
ms > 5 and sesions == 1
xyzzy
"rport" == 443
rport
rport 443
rport = 443
rport == 443 & ms > 1
rport == 443 | ms > 1
rport ==
rport == == 1
rport == https
rport == 70000
rport == 99999999999999999999
rport == -1
rport == 443 ms > 5
rport == 443)
(rport == 443
(rport == 443 ms
rport in (22, 443
rport in (22 443)
rport in ()
rport in 443..22
rport in 22..
rport not 443
rport ~ 4*
has rport
has(rprot)
has(rport
and ms > 5
not
ms > 5 parsecs
ms > 5x
srtt_us > 1.2.3
srtt_us == 0.7us
ms < 0.9999
ms in 1s..1.0000000001s
close_us > 2026-05-01T09:00:00.1234567Z
tx_bytes > 10k
tx_bytes > 1.5K
fin_received == maybe
close_us > yesterday
close_us > 2026-05-01T09:00:00
close_us > 2026-02-30T09:00:00Z
end == reset
end > refused
end in refused..timed-out
comm < nginx
comm == "nginx
comm == a-name-of-17-byte
comm == 'a\\q'
comm ~ '[a-z'
comm ~ '[z-a]'
comm ~ 'a\\'
raddr == 10.0.0.0/8
raddr in 10.0.0.1/8
raddr in 10.0.0.0/33
raddr in 2001:db8::/129
raddr in 10.0.0.1..10.0.0.9
raddr == host.example
raddr ~ 10.*
raddr > 10.0.0.1
tx_bytes > comm
end == last_state
new_state == CLOSE
comm == nginx and\n\trprot == 1
\0377\0033[31m == 1
EOF
