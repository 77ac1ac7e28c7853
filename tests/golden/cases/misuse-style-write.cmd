tcplife-report fixtures/sample.tlz --style bcc --write x.tlz
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
