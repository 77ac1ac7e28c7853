tcplife-report fixtures/sample.tlz --style ''
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
