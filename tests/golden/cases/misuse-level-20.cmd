tcplife-report --write x.tlz --level 20 fixtures/sample.tlz
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
