# An old capture does not give way to one of nothing.
{ head -c 16 fixtures/good-bare.tlz; printf 'no block at all, and nothing behind it that could be one'; } >bad.tlz
echo precious >x.tlz
tcplife-report bad.tlz --write x.tlz --force
echo $?
cat x.tlz
tcplife-report bad.tlz --write y.tlz
echo $?
ls -A
