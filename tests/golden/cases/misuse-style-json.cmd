tcplife-report fixtures/sample.tlz --style bcc --json
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
