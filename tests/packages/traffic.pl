# SPDX-License-Identifier: BSD-2-Clause
# Sessions over loopback, with no more than perl-base has: client N sends N times 1000 bytes and gets twice as many.
# usage: traffic.pl SESSIONS
use strict;
use warnings;
use IO::Socket::INET;

sub get {
    my ($socket, $wanted) = @_;
    my $got = 0;
    while ($got < $wanted) {
        my $read = sysread($socket, my $bytes, $wanted - $got) or die "cut short: $!";
        $got += $read;
    }
}

sub put {
    my ($socket, $bytes) = @_;
    print {$socket} $bytes or die $!;
    $socket->flush or die $!;
}

my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die $!;
for my $n (1 .. $ARGV[0]) {
    my $child = fork // die $!;
    if ($child == 0) {
        my $client = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $listener->sockport) or die $!;
        put($client, 'x' x (1000 * $n));
        get($client, 2000 * $n);
        exit 0;
    }
    my $server = $listener->accept or die $!;
    get($server, 1000 * $n);
    put($server, 'x' x (2000 * $n));
    waitpid($child, 0) == $child && $? == 0 or die "client $n failed";
    close $server;
}
