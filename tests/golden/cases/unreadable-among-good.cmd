# What can be read is shown; the status says that not all could.
echo hello >bad.tlz
tcplife-report bad.tlz fixtures/good-bare.tlz nothing.tlz
