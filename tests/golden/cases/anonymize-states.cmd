printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report fixtures/good-states.tlz --anonymize=key --states
