tcplife-report --write x.tlz --html x.html fixtures/sample.tlz
status=$?
ls | grep -v fixtures
exit $status
