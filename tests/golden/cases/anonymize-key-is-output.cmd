printf '%s' 0123456789abcdefghijklmnopqrstuv >key; chmod 600 key
tcplife-report fixtures/sample.tlz --anonymize=key --write key --force
status=$?
cat key
exit $status
