for option in --help --version --list-columns; do
    tcplife-report $option >/dev/full
    echo $?
done
