# What is kept is the same in both.
printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report fixtures/sample.tlz --anonymize=key --filter 'rport == 443 or lport == 443' --write x.tlz
tcplife-report x.tlz --info
C=close_us,ms,lport,rport,service,end,tx_bytes,rx_bytes,srtt_us,congestion
tcplife-report x.tlz --csv --columns $C >new.csv
tcplife-report fixtures/sample.tlz --filter 'rport == 443 or lport == 443' --csv --columns $C >old.csv
cmp old.csv new.csv
