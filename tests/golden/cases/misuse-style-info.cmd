tcplife-report fixtures/sample.tlz --style libbpf --info
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
