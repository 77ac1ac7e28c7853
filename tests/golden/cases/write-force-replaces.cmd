# The new file has the old one's mode, and a link leads to it as before; a device is no file to replace.
echo precious >x.tlz
chmod 640 x.tlz
ln -s x.tlz link.tlz
tcplife-report -q fixtures/good-bare.tlz --write link.tlz --force
stat -c '%a %F %N' x.tlz link.tlz
tcplife-report -q fixtures/good-bare.tlz --write new.tlz --force
stat -c %a new.tlz
tcplife-report -q fixtures/good-bare.tlz --write /dev/null --force
stat -c %F /dev/null
tcplife-report x.tlz --columns close_us --csv
ls -A
