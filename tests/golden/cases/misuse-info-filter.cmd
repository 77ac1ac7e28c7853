tcplife-report --info -p 1 fixtures/sample.tlz
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
