# Special ones stay, or keep their class.
printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report fixtures/good-addresses.tlz --anonymize=key --csv --columns laddr,raddr,v6_socket
