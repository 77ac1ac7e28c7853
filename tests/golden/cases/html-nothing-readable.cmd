# An old page does not give way to one of nothing.
{ head -c 16 fixtures/good-bare.tlz; printf 'no block at all, and nothing behind it that could be one'; } >bad.tlz
echo precious >x.html
tcplife-report bad.tlz --html x.html --force
echo $?
cat x.html
tcplife-report bad.tlz --html y.html
echo $?
ls -A
