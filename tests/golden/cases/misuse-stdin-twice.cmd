tcplife-report - -
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
