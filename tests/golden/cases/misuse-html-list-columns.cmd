tcplife-report --html x.html --list-columns fixtures/sample.tlz
status=$?
ls | grep -v fixtures
exit $status
