tcplife-report fixtures/sample.tlz --sort
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
