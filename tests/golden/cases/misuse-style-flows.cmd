tcplife-report fixtures/sample.tlz --style bcc --flows
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
