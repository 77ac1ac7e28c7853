# What is no file is not waited for.
mkdir d d/directory.tlz
mkfifo d/pipe.tlz
ln -s /dev/zero d/device.tlz
ln -s "$PWD/fixtures/good-bare.tlz" d/link.tlz
timeout 20 tcplife-report d --columns close_us --csv
