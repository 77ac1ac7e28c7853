tcplife-report fixtures/sample.tlz --style bcc --columns pid
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
