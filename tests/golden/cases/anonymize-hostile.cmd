printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report fixtures/good-hostile.tlz --anonymize=key -w
tcplife-report fixtures/good-hostile.tlz --anonymize=key --info
