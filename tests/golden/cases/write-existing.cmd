echo precious >x.tlz
tcplife-report fixtures/sample.tlz --write x.tlz
status=$?
cat x.tlz
exit $status
