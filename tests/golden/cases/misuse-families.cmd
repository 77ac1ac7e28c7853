tcplife-report -4 -6 fixtures/sample.tlz
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
