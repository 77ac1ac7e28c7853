tcplife-report fixtures/sample.tlz -p
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
