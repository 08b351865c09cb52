#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# mail_spf - SPF by Mail::SPF, with DNS answers made beforehand.
# Usage: mail_spf.pl FOLDER
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Config;
use Contestant;
use Mail::SPF;

# Answers from memory, in the place of Net::DNS::Resolver.
package Memory;
sub new { my ($class, $packets) = @_; return bless { packets => $packets, none => {} }, $class }
sub errorstring { return '' }
sub send {
    my ($self, $name, $type) = @_;
    return $self->{packets}{"$name|$type"} //=
        Contestant::packet($name, $type);
}

package main;

my $folder = shift or die "usage: mail_spf.pl FOLDER\n";
my (%records, %packets);
for (Contestant::lines("$folder/spf.zone", qr/\|/)) {
    my ($name, $type, $data) = @$_;
    push @{ $records{"$name|$type"} }, $type eq 'TXT'
        ? Contestant::txt($name, $data)
        : Net::DNS::RR->new("$name. $type $data"
            . ($type eq 'MX' ? '.' : ''));
}
for my $key (keys %records) {
    my ($name, $type) = split /\|/, $key;
    $packets{$key} = Contestant::packet($name, $type, @{ $records{$key} });
}

my $server = Mail::SPF::Server->new(dns_resolver => Memory->new(\%packets));

sub evaluator {
    my ($ip, $sender, $helo, $result) = @_;
    return sub {
        my $request = Mail::SPF::Request->new(
            versions      => [1],
            scope         => 'mfrom',
            identity      => $sender,
            ip_address    => $ip,
            helo_identity => $helo,
        );
        my $found = $server->process($request)->code;
        die "$found, not $result\n" if $found ne $result;
        return;
    };
}

my (%cases, @order);
for (Contestant::lines("$folder/spf.cases", qr/\|/)) {
    my ($case, @question) = @$_;
    $cases{$case} = [(evaluator(@question)) x 16];
    push @order, $case;
}
Contestant::serve(\%cases, @order);
