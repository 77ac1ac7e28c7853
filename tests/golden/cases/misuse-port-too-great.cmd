tcplife-report -L 65536 fixtures/sample.tlz
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
