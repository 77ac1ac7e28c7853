# Each byte made another: never a crash, and never a good status.
# (STEP is 1, and more under emulation.)
size=$(wc -c <fixtures/good-bare.tlz)
i=0
while [ $i -lt $size ]; do
    { head -c $i fixtures/good-bare.tlz; printf "\377"; tail -c +$((i + 2)) fixtures/good-bare.tlz; } >bad.tlz
    if ! cmp -s bad.tlz fixtures/good-bare.tlz; then
        tcplife-report bad.tlz --json >/dev/null 2>&1
        status=$?
        [ $status -eq 1 ] || [ $status -eq 3 ] || echo "byte $i: $status"
    fi
    i=$((i + ${STEP:-1}))
done
