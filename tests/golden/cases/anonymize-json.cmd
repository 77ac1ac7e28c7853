printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report fixtures/good-two-hosts.tlz fixtures/good-bare.tlz --anonymize=key --json --columns laddr,comm
