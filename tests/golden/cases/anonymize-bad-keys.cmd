: >empty; printf short >short; printf '%s\n' 0123456789abcdefghijklmnopqrstuv >long; head -c 32 /dev/zero >zeros; mkdir folder; mkfifo pipe
for key in none empty short long zeros folder pipe /dev/zero /dev/urandom; do
    tcplife-report fixtures/sample.tlz --anonymize=$key
    echo "$key: $?"
done
