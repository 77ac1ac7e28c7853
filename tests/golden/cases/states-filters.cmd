# The owner, and not who ran; a listener and its child; both families; names of the recording host.
for filter in "-p 901" "-p 31" "-L 443" "-D 50412,80" -4 -6 "-u www-data" "-u 70" "--cgroup /system.slice" "--netns self" "--netns 4026531999"; do
    echo "$filter"
    tcplife-report -q --states --columns time_us,owner_pid,laddr,rport,new_state $filter fixtures/good-states.tlz
done
