# SPDX-License-Identifier: Apache-2.0
# Contestant - what the Perl contestants share; the protocol of harness.h.
package Contestant;
use strict;
use warnings;
use Net::DNS;

our $MAILS = 16;

sub read_file {
    my ($path) = @_;
    open(my $file, '<:raw', $path) or die "cannot read $path\n";
    local $/;
    return scalar <$file>;
}

sub mails {
    my ($folder, $size, $suffix) = @_;
    return map { read_file(sprintf("%s/%s/%02d%s", $folder, $size, $_, $suffix)) }
        0 .. $MAILS - 1;
}

sub lines {
    my ($path, $separator) = @_;
    return map { [split $separator] }
        grep { !/^#/ } split /\n/, read_file($path);
}

# A DNS answer, made once.
sub packet {
    my ($name, $type, @records) = @_;
    my $packet = Net::DNS::Packet->new($name, $type);
    $packet->header->qr(1);
    $packet->header->rcode(@records ? 'NOERROR' : 'NXDOMAIN');
    $packet->push(answer => @records);
    return $packet;
}

sub txt {
    my ($name, $text) = @_;
    return Net::DNS::RR->new(owner => $name, type => 'TXT',
        txtdata => [unpack '(a255)*', $text]);
}

sub cpu {
    my ($user, $system) = times;
    return $user + $system;
}

# times() counts in hundredths; getrusage() does not.
sub cpu_fine {
    my $buffer = "\0" x 144;
    syscall(98, 0, $buffer);    # getrusage(RUSAGE_SELF) of x86-64 Linux
    my ($us, $uu, $ss, $su) = unpack 'q4', $buffer;
    return $us + $ss + ($uu + $su) / 1e6;
}

# Cases: name to a list of functions, each of which does one operation and
# dies if the result is wrong; one that signs returns the field.
sub serve {
    my ($cases, @order) = @_;
    my $clock = $^O eq 'linux' && $Config::Config{archname} =~ /^x86_64/
        ? \&cpu_fine : \&cpu;
    $| = 1;
    while (my $line = <STDIN>) {
        my ($word, $name, $argument) = split ' ', $line;
        my $functions = $cases->{ $name // '' };
        my $answer = eval {
            return "cases @order" if $word eq 'cases';
            if ($word eq 'run') {
                my ($done, $begin, $now) = (0, $clock->());
                do {
                    for (@$functions) {
                        $_->();
                        last if ++$done % 16 == 0 &&
                            $clock->() - $begin >= $argument;
                    }
                    $now = $clock->();
                } while ($now - $begin < $argument);
                return sprintf "ran %d %d", $done, ($now - $begin) * 1e9;
            }
            my $i = 0;
            for (@$functions) {
                my $field = $_->();
                next if $word ne 'dump';
                my $path = sprintf "%s/%02d", $argument, $i++;
                open(my $file, '>:raw', $path) or die "cannot write $path\n";
                print $file $field;
                close $file;
            }
            return 'ok ' . scalar @$functions;
        };
        if (!defined $answer) {
            ($answer) = split /\n/, $@;
            $answer = "wrong $name: $answer";
        }
        print "$answer\n";
    }
    return;
}

1;
