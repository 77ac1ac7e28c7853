tcplife-report --columns "$(printf 'a\033[31m')" fixtures/sample.tlz
status=$?
# Nothing is left behind.
ls | grep -v fixtures
exit $status
